use throughline::traced;

#[traced(level = "info" name = "a")]
fn arguments() {}

#[traced(root args)]
fn flags() {}

#[traced(fields(a = 1 b = 2), level = "debug" kind = "client")]
fn fields() {}

#[traced(fields(x y))]
fn keys() {}

#[traced(skip(a b))]
fn names(a: u32, b: u32) {
    let _ = a + b;
}

#[traced(err(Debug level = "warn"))]
fn options() -> Result<(), String> {
    Ok(())
}

#[traced(, root)]
fn nothing_before() {}

#[traced(root,, args)]
fn nothing_between() {}

fn main() {
    arguments();
    flags();
    fields();
    keys();
    names(1, 2);
    let _ = options();
    nothing_before();
    nothing_between();
}
