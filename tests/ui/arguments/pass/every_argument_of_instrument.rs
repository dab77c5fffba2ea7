//! What `#[instrument]` takes.

use throughline::traced;

const NAME: &str = "named";

#[traced(name = NAME, level = "debug", target = "shop", skip(b), fields(c = 1, d.e = %a, f))]
pub fn one(a: u32, b: u32) {
    let _ = b;
}

#[traced("bare", level = 3, skip_all, err, ret)]
pub fn two(a: u32) -> Result<u32, String> {
    Ok(a)
}

#[traced(level = Level::INFO, parent = None, err(Debug), ret(Display))]
pub async fn three() -> Result<u32, String> {
    Ok(1)
}

#[traced(name = "four", err(level = "warn"), ret(level = "debug", Debug))]
pub async fn four(self_: Option<u32>) -> Result<Option<u32>, String> {
    Ok(self_)
}
