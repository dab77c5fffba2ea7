use throughline::traced;

struct Opaque;

#[traced(fields(value = value))]
fn typed(value: Opaque) {
    let _ = value;
}

#[traced(fields(value = %value))]
fn displayed(value: Opaque) {
    let _ = value;
}

#[traced(args)]
async fn recorded(value: Opaque) {
    let _ = value;
}

fn main() {}
