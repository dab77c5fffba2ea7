use throughline::traced;

#[traced(name = 1)]
fn name() {}

#[traced(name = "", target = "")]
fn empty() {}

#[traced(target = 'a')]
fn target() {}

#[traced(kind = 3)]
fn kind() {}

#[traced(level = 0)]
fn level() {}

#[traced(level = Level::LOUD)]
fn constant() {}

#[traced(capture = 1)]
async fn capture() {}

#[traced(capture = "always")]
async fn word() {}

fn main() {
    name();
    empty();
    target();
    kind();
    level();
    constant();
    drop(capture());
    drop(word());
}
