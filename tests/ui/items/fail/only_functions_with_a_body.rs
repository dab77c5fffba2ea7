use throughline::traced;

#[traced]
struct Thing;

#[traced]
const fn constant() -> u32 {
    1
}

trait Does {
    #[traced]
    fn declared(&self);
}

fn main() {}
