use throughline::traced;

#[traced(level = "verbose")]
fn level() {}

#[traced(level = 7)]
fn number() {}

#[traced(level = 1.5)]
fn fraction() {}

#[traced(kind = "sever")]
fn kind() {}

#[traced(capture = "late")]
async fn capture() {}

fn main() {}
