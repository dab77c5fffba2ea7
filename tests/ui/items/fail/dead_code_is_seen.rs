#![deny(dead_code)]

use throughline::traced;

#[traced]
fn never_called() {}

#[traced]
async fn never_awaited() -> Result<(), String> {
    Ok(())
}

struct Thing;

impl Thing {
    #[traced]
    async fn never_used(&self) {}
}

fn main() {
    let _ = Thing;
}
