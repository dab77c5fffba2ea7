//! How long to wait before a request is tried again.

use std::time::Duration;

/// Doubles from try to try, as the [specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling) asks,
/// with jitter, so that many clients do not come back at once.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    left: u32,
}

/// The longest wait of our own choice.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest wait that a receiver may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

impl Backoff {
    /// `retries` waits, the first about `first` long.
    pub(super) fn new(first: Duration, retries: u32) -> Self {
        Self { next: first, left: retries }
    }

    /// The next wait, at least as long as the receiver `asked`; `None` when enough was tried.
    pub(super) fn wait(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let own = self.next.mul_f64(0.5 + fastrand::f64());
        self.next = (self.next * 2).min(LONGEST);
        Some(asked.map_or(own, |asked| asked.min(LONGEST_ASKED).max(own)))
    }
}
