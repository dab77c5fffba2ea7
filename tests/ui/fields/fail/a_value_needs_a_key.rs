use throughline::traced;

#[traced(fields(%a + b))]
fn computed(a: u32, b: u32) -> u32 {
    a + b
}

#[traced(fields(3 = a))]
fn number(a: u32) -> u32 {
    a
}

fn main() {}
