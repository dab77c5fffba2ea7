//! How long to wait before a request is tried again.

use std::time::{Duration, Instant};

use super::OtlpConfig;
use crate::clock::monotonic;

/// Doubles from try to try, as the [specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling) asks,
/// with jitter, so that many clients do not come back at once.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    left: u32,
    /// No try begins after this; `None` is never.
    until: Option<Instant>,
}

/// The longest wait of our own choice.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest wait that a receiver may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

impl Backoff {
    /// As long as `config` allows, from now on.
    pub(super) fn new(config: &OtlpConfig) -> Self {
        let until = monotonic().checked_add(config.export_timeout);
        Self { next: config.first_retry.min(LONGEST), left: config.retries, until }
    }

    /// The next wait, at least as long as the receiver `asked`; `None` when enough was tried.
    pub(super) fn wait(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let own = self.next.mul_f64(0.5 + fastrand::f64());
        self.next = (self.next * 2).min(LONGEST);
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
        self.until = self.until.and_then(|until| until.checked_add(asked));
        let wait = own.max(asked);
        self.until.is_none_or(|until| monotonic() + wait <= until).then_some(wait)
    }
}
