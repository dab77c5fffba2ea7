use throughline::traced;

#[traced(root, parent = context)]
fn parents(context: throughline::Context) {
    let _ = context;
}

#[traced(skip_all, args)]
fn all_or_none(a: u32) {
    let _ = a;
}

#[traced(skip(a), skip_all)]
fn some_or_none(a: u32) {
    let _ = a;
}

#[traced(err = false, err(Debug))]
fn err() -> Result<(), String> {
    Ok(())
}

// What is off contradicts nothing.
#[traced(root = false, parent = None, skip_all = false, args)]
fn off(a: u32) {
    let _ = a;
}

fn main() {
    parents(throughline::Context::current());
    all_or_none(1);
    some_or_none(1);
    let _ = err();
    off(1);
}
