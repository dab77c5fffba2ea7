use throughline::traced;

struct Thing;

impl Thing {
    #[traced]
    fn whole(#[attr] &self) {}

    #[traced]
    async fn boxed(#[attr(?)] self: Box<Self>) {}
}

#[traced]
fn nameless(#[attr] _: u32, #[attr] (_, ..): (u32, u32, u32), #[attr] Thing: Thing) {}

#[traced]
fn several(#[attr(name = "pair")] (a, b): (u32, u32)) -> u32 {
    a + b
}

#[traced(skip(a))]
fn skipped(#[attr] a: u32) -> u32 {
    a
}

fn main() {
    Thing.whole();
    drop(Box::new(Thing).boxed());
    nameless(1, (1, 2, 3), Thing);
    let _ = several((1, 2)) + skipped(1);
}
