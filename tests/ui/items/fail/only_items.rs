//! What is no item the compiler does not let an attribute see.
use throughline::traced;

struct Thing {
    #[traced]
    id: u32,
}

enum Side {
    #[traced]
    Left,
}

fn main() {
    #[traced]
    let a = 1;
    let closure = #[traced]
    |b: u32| b + a;
    match closure(1) {
        #[traced]
        _ => {}
    }
    let _ = (Thing { id: 1 }.id, Side::Left);
}
