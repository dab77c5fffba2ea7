#![deny(warnings)]

use throughline::traced;

#[traced]
async fn unused(a: u32, (b, _c): (u32, u32)) {}

#[traced]
fn unused_sync(a: u32) -> Result<(), String> {
    let mut b = 1;
    Ok(())
}

#[traced]
fn never_called() {}

fn main() {
    let _ = unused_sync(1);
    unused(1, (2, 3));
}
