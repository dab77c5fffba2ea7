use throughline::traced;

#[traced(naem = "x", level = "loud", skip(nobody), root = 3)]
fn several(#[attr(key = "b")] a: u32) -> u32 {
    a
}

fn main() {
    // The function is still there: nothing else breaks.
    let _: u32 = several(1);
}
