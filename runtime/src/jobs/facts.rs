//! What a queue tells of a delivery, beside the context that came with it.

use std::fmt;

use crate::jobs;
use crate::semconv;
use crate::span::current;

/// What is known of a delivery, for its span.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) destination: Box<str>,
    /// `None` when it is a later one, and nobody knows which.
    pub(super) attempt: Option<u32>,
    /// Milliseconds since 1970.
    pub(super) enqueued_at: Option<u64>,
    /// Milliseconds since 1970.
    pub(super) scheduled_at: Option<u64>,
    pub(super) descriptions: Vec<Description>,
}

/// What an adapter writes on the current span.
pub(super) struct Description(Box<dyn Fn() + Send + Sync>);

impl Description {
    pub(super) fn new(description: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Box::new(description))
    }
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl Facts {
    pub(super) fn is_first(&self) -> bool {
        self.attempt == Some(1)
    }

    /// Writes them on the current span.
    pub(super) fn write(&self) {
        current::set(semconv::JOB_ATTEMPT, self.attempt);
        current::set(semconv::JOB_REDELIVERED, (!self.is_first()).then_some(true));
        let since = self.scheduled_at.max(self.enqueued_at);
        current::set(semconv::JOB_QUEUE_LATENCY, since.map(Self::waited));
        self.descriptions.iter().for_each(|Description(describe)| describe());
    }

    /// How many milliseconds there are since then; clocks of two machines may disagree, so that less than nothing is none.
    pub(super) fn waited(since: u64) -> u64 {
        jobs::now().saturating_sub(since)
    }
}

/// Names the current span by what is done and by the queue, where that is known.
pub(super) fn name(operation: &str, destination: &str) {
    if !destination.is_empty() {
        current::rename(&format!("{operation} {destination}"));
        current::set(semconv::MESSAGING_DESTINATION_NAME, destination);
    }
}
