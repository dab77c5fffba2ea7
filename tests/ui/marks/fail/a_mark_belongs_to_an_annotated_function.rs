use throughline::traced;

fn plain(#[attr] a: u32) -> u32 {
    a
}

#[traced]
fn inside(a: u32) -> u32 {
    fn inner(#[attr] b: u32) -> u32 {
        b
    }
    inner(a)
}

fn main() {
    plain(inside(1));
}
