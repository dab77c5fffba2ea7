use throughline::traced;

#[traced(skip)]
fn alone() {}

#[traced(skip)]
mod alone_as_well {
    pub fn inner() {}
}

#[traced(skip, skip(a))]
fn twice(a: u8) {
    let _ = a;
}

#[traced]
mod inner {
    #[throughline::traced(skip, name = "a name for nothing")]
    pub fn named() {}
}

fn main() {}
