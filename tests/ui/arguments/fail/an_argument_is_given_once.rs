use throughline::traced;

#[traced(name = "a", name = "b")]
fn named() {}

#[traced("a", name = "b")]
fn bare() {}

fn main() {}
