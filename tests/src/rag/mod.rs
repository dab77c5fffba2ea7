//! Running the `rag` example as a process, and reading what it sent and wrote.

mod program;
pub mod received;
mod wire;

pub use program::{Finished, Program, Server};
pub use received::Received;
pub use wire::Exchange;
