use throughline::traced;

#[traced(skip(password, user, password))]
fn login(user: &str, password: &str) {
    let _ = (user, password);
}

fn main() {}
