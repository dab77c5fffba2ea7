use throughline::traced;

#[traced]
fn twice(#[attr] #[attr] a: u32) -> u32 {
    a
}

#[traced]
fn option(#[attr(key = "b")] a: u32) -> u32 {
    a
}

#[traced]
fn value(#[attr = "b"] a: u32) -> u32 {
    a
}

fn main() {}
