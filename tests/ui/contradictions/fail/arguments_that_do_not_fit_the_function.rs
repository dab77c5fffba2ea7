use std::pin::Pin;

use throughline::traced;

#[traced(capture = "poll")]
fn runs_when_called() {}

#[traced(capture = "call")]
fn returns_a_future() -> impl Future<Output = ()> {
    async {}
}

#[traced(err)]
fn cannot_fail() {}

#[traced(err)]
fn returns_an_option() -> Option<u32> {
    None
}

#[traced(err)]
async fn never_returns() -> ! {
    panic!("at once")
}

#[traced(err)]
fn returns_some_trait() -> impl Iterator<Item = u32> {
    0..1
}

#[traced(err)]
fn boxed() -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async { 1 })
}

#[traced(ret)]
fn returns_nothing() {}

#[traced(ret)]
fn exits() -> ! {
    panic!("at once")
}

#[traced(skip(pasword))]
fn skips_nothing(password: &str) {
    let _ = password;
}

#[traced(skip(self, _, a, a))]
fn skips_what_is_not_there(a: u32) {
    let _ = a;
}

#[traced(skip(a))]
fn has_no_parameters() {}

fn main() {
    runs_when_called();
    drop(returns_a_future());
    cannot_fail();
    returns_an_option();
    drop(never_returns());
    drop(returns_some_trait());
    drop(boxed());
    returns_nothing();
    skips_nothing("");
    skips_what_is_not_there(1);
    has_no_parameters();
    exits();
}
