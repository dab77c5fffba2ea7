use throughline::traced;

struct Opaque;

#[traced]
fn typed(#[attr] a: Opaque) {
    let _ = a;
}

#[traced]
async fn displayed(#[attr(%)] a: &Opaque) {
    let _ = a;
}

#[traced]
fn debugged(#[attr(?, name = "b")] a: Option<Opaque>) -> Result<(), String> {
    a.map(|_| ()).ok_or_else(String::new)
}

fn main() {}
