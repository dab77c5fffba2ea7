use throughline::traced;

const LOUD: &str = "loud";

#[traced(level = LOUD)]
fn of_the_span() {}

#[traced(ret(level = LOUD))]
fn of_the_value() -> u8 {
    1
}

fn main() {}
