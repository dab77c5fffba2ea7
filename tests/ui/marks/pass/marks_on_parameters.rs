//! Marks beside other attributes.

use throughline::traced;

#[traced]
pub fn marked(
    #[attr]
    #[allow(unused_mut)]
    mut a: u32,
    #[attr(name = "b.c", %)] b: &str,
    #[attr(?)] (c, d): (u8, [u8; 2]),
) -> u32 {
    let _ = (b, c, d);
    a
}
