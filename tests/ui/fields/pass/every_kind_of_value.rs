//! Typed values, by reference or not.

use throughline::traced;

const KEY: &str = "key";

#[traced(fields({KEY} = a, r#type = *b, "quoted" = c, d = d.as_deref(), list = &[1, 2][..], e = &&a))]
pub fn values(a: usize, b: &u64, c: &String, d: Option<String>) {}
