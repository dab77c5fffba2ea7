use throughline::traced;

#[traced(fields(a =, b = %, c = ?, %, ?))]
fn nothing() {}

#[traced(fields(a = %%b, c = ??d))]
fn twice(b: u32, d: u32) {
    let _ = b + d;
}

#[traced(fields(a = let b, c = fn))]
fn no_expression() {}

#[traced(fields(?a.len(), %b[0]))]
fn computed(a: &str, b: &[u32]) {
    let _ = (a, b);
}

fn main() {
    nothing();
    twice(1, 2);
    no_expression();
    computed("", &[1]);
}
