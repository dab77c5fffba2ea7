use throughline::traced;

#[traced(capture = "poll")]
fn runs_when_called() {}

#[traced(err)]
fn cannot_fail() {}

#[traced(ret)]
fn returns_nothing() {}

#[traced(skip(pasword))]
fn skips_nothing(password: &str) {
    let _ = password;
}

fn main() {}
