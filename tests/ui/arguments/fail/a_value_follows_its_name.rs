use throughline::traced;

#[traced(name = , level =)]
fn missing() {}

#[traced(kind)]
fn kind() {}

#[traced(level("debug"))]
fn level() {}

#[traced(target: "a")]
fn colon() {}

#[traced(parent)]
fn parent() {}

#[traced(links(a), follows_from)]
fn links(a: throughline::Context) {
    let _ = a;
}

#[traced(capture)]
async fn capture() {}

#[traced(spawn = "no", root = 1, args = yes, skip_all(a))]
fn flags(a: u32) {
    let _ = a;
}

#[traced(crate = 3)]
fn number() {}

#[traced(crate = "not a path")]
fn text() {}

#[traced(skip("a", 1), fields)]
fn names(a: u32) {
    let _ = a;
}

fn main() {
    missing();
    kind();
    level();
    colon();
    parent();
    links(throughline::Context::current());
    drop(capture());
    flags(1);
    number();
    text();
    names(1);
}
