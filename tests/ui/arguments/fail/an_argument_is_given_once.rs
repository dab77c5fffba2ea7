use throughline::traced;

#[traced(name = "a", name = "b")]
fn named() {}

#[traced("a", name = "b")]
fn bare() {}

#[traced(
    level = "info", level = "debug",
    target = "a", target = "b",
    kind = "client", kind = "server",
    args, args,
    root, root = true,
    fields(a = 1), fields(b = 2),
    spawn = false, spawn = true,
    crate = throughline, crate = throughline,
)]
fn several(a: u32) {
    let _ = a;
}

#[traced(
    parent = throughline::Context::current(), parent = None,
    links = [], links = [],
    follows_from = [], follows_from = [],
    skip(a), skip(b),
    capture = "poll", capture = "call",
    err, err(Debug),
    ret, ret = false,
)]
async fn others(a: u32, b: u32) -> Result<u32, String> {
    Ok(a + b)
}

#[traced(skip_all, skip_all)]
fn none() {}

fn main() {
    named();
    bare();
    several(1);
    drop(others(1, 2));
    none();
}
