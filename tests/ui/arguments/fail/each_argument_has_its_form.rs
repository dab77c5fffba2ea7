use throughline::traced;

#[traced(name("a"))]
fn name() {}

#[traced(root("yes"))]
fn flag() {}

#[traced(skip = a)]
fn skip(a: u32) {
    let _ = a;
}

#[traced(fields = 1)]
fn fields() {}

#[traced(crate("throughline"))]
fn path() {}

#[traced(err = 3)]
fn report() -> Result<(), String> {
    Ok(())
}

#[traced(err(Pretty))]
fn option() -> Result<(), String> {
    Ok(())
}

#[traced(= 3)]
fn nameless() {}

#[traced(root args)]
fn no_comma() {}

fn main() {}
