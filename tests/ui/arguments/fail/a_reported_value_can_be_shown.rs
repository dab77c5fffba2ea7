use throughline::traced;

struct Secret;

#[traced(ret)]
fn without_debug() -> impl Sized {
    Secret
}

#[traced(ret(Display))]
async fn without_display() -> Option<u8> {
    None
}

fn main() {}
