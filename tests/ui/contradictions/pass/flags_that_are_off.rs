//! A flag that is off contradicts nothing.

use throughline::traced;

#[traced(root = false, args, skip_all = false, err = false, spawn = false)]
pub fn off(a: u32) -> Result<u32, String> {
    Ok(a)
}
