use throughline::traced;

struct Thing;

impl Thing {
    #[traced]
    fn whole(#[attr] &self) {}
}

#[traced]
fn nameless(#[attr] _: u32) {}

#[traced]
fn several(#[attr(name = "pair")] (a, b): (u32, u32)) -> u32 {
    a + b
}

#[traced(skip(a))]
fn skipped(#[attr] a: u32) -> u32 {
    a
}

fn main() {}
