//! What the processes of the shop said and did.

pub mod lines;
pub mod spans;

use lines::Lines;
use spans::Spans;

/// What the processes of the shop said and did.
#[derive(Debug)]
pub struct Collected {
    /// Their log lines.
    pub lines: Lines,
    /// Their spans.
    pub spans: Spans,
}

impl Collected {
    /// Starts to listen for spans.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub async fn start() -> anyhow::Result<Self> {
        Ok(Self { lines: Lines::default(), spans: Spans::receive().await? })
    }
}
