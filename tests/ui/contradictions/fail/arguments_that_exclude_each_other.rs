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

fn main() {}
