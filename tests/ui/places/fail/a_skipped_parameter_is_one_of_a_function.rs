use throughline::traced;

#[traced(skip(pasword, self))]
mod accounts {
    pub struct User;

    impl User {
        pub fn login(&self, password: &str) {
            let _ = password;
        }
    }
}

fn main() {}
