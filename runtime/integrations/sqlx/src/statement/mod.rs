//! What a statement is about.

mod frame;
mod sanitize;
mod summary;
mod token;

pub(crate) use sanitize::sanitize;
pub(crate) use summary::Summary;

/// How many bytes of a statement are looked at: a dump that is loaded must not hold up its caller.
const SCANNED: usize = 32 * 1024;

#[cfg(test)]
mod tests;
