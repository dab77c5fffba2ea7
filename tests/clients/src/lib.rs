//! Asks real clients of language models, and compares what the spans say with what the model answered.
//!
//! The tests are in `tests/matrix`, a file for each client; here is what they share.

mod aimock;
mod fixture;
mod price;
mod recorded;
pub mod table;

pub use aimock::Aimock;
pub use fixture::Fixture;
pub use price::price;
pub use recorded::{lines, record, record_beside_tracing, seconds};
