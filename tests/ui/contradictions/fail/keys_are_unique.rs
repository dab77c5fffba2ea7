use throughline::traced;

#[traced(fields(a = 1, b = 2, a = 3))]
fn twice() {}

#[traced(fields("" = 1))]
fn empty() {}

fn main() {}
