//! What was lost: counted at once, said at most once a minute.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::signal::Signal;
use crate::clock::monotonic;
use crate::stats::Counters;

/// Why something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export) enum Loss {
    QueueFull,
    Undelivered,
    Unwritten,
    Refused,
    Rejected,
    Ended,
}

const ALL: [Loss; 6] =
    [Loss::QueueFull, Loss::Undelivered, Loss::Unwritten, Loss::Refused, Loss::Rejected, Loss::Ended];

/// The shortest time between two messages.
const INTERVAL: Duration = Duration::from_secs(60);

/// Where messages go.
pub(in crate::export) type Say = Box<dyn Fn(&str) + Send + Sync>;

/// What was lost since the last message, and where messages go.
pub(in crate::export) struct Losses {
    signal: Signal,
    /// The address that is sent to, without secrets, or the file that is written.
    target: String,
    counters: Arc<Counters>,
    say: Say,
    pending: Mutex<Pending>,
}

#[derive(Default)]
struct Pending {
    items: [u64; ALL.len()],
    /// All that was ever lost.
    total: u64,
    /// What the receiver, or the attempt to reach it, said last.
    reason: String,
    advice: &'static str,
    said: Option<Instant>,
    warned: bool,
}

impl Losses {
    pub(in crate::export) fn new(signal: Signal, target: String, counters: Arc<Counters>, say: Say) -> Self {
        Self { signal, target, counters, say, pending: Mutex::default() }
    }

    /// Where it all goes.
    pub(in crate::export) fn target(&self) -> &str {
        &self.target
    }

    /// The receiver took this many.
    pub(in crate::export) fn exported(&self, items: usize) {
        let counter = match self.signal {
            Signal::Traces | Signal::Zipkin => &self.counters.exported,
            Signal::Metrics => &self.counters.exported_points,
        };
        counter.add(items as u64);
    }

    /// Counts what is lost. It is mentioned by the next message.
    pub(in crate::export) fn lost(&self, loss: Loss, items: usize) {
        let counter = match (self.signal, loss) {
            (Signal::Traces | Signal::Zipkin, Loss::QueueFull) => &self.counters.dropped_queue_full,
            (Signal::Traces | Signal::Zipkin, _) => &self.counters.dropped_export,
            (Signal::Metrics, _) => &self.counters.dropped_points,
        };
        counter.add(items as u64);
        self.with(|pending| {
            pending.items[loss as usize] += items as u64;
            pending.total += items as u64;
        });
    }

    /// How many were lost so far.
    pub(in crate::export) fn count(&self) -> u64 {
        self.with(|pending| pending.total)
    }

    /// Keeps what went wrong with a request, and what to do about it, for the next message.
    pub(in crate::export) fn note(&self, reason: &str, advice: &'static str) {
        self.with(|pending| {
            reason.clone_into(&mut pending.reason);
            pending.advice = advice;
        });
    }

    /// Says what the receiver wants to be known though it took everything. The first time only.
    pub(in crate::export) fn warn(&self, warning: &str) {
        if !self.with(|pending| std::mem::replace(&mut pending.warned, true)) {
            let item = self.signal.item();
            (self.say)(&format!("{} took all {item}s, and says: {warning}", self.target));
        }
    }

    /// Says what was lost, unless something was said within the last minute.
    pub(in crate::export) fn say_if_due(&self) {
        let now = monotonic();
        let due = |said: Instant| now.saturating_duration_since(said) >= INTERVAL;
        self.say_when(|pending| pending.said.is_none_or(due), now);
    }

    /// Says what was lost and not yet said: nothing comes after it.
    pub(in crate::export) fn say_rest(&self) {
        self.say_when(|_| true, monotonic());
    }

    fn say_when(&self, due: impl FnOnce(&Pending) -> bool, now: Instant) {
        let message = self.with(|pending| {
            let items = std::mem::take(&mut pending.items);
            if items == [0; ALL.len()] || !due(pending) {
                pending.items = items;
                return None;
            }
            pending.said = Some(now);
            Some(self.message(&items, pending))
        });
        // Outside of the lock: the worker never waits for a slow stderr.
        message.iter().for_each(|message| (self.say)(message));
    }

    fn with<R>(&self, change: impl FnOnce(&mut Pending) -> R) -> R {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What, how many, to where, why, and what to do.
    fn message(&self, items: &[u64; ALL.len()], pending: &Pending) -> String {
        let item = self.signal.item();
        let total: u64 = items.iter().sum();
        let many = if total == 1 { "" } else { "s" };
        let lost = ALL.into_iter().filter(|loss| items[*loss as usize] > 0);
        let parts: Vec<_> = lost.clone().map(|loss| format!("{} {loss}", items[loss as usize])).collect();
        let mut message = format!("{total} {item}{many} for {} dropped: {}", self.target, parts.join(", "));
        if !pending.reason.is_empty() {
            let _ = write!(message, "; last error: {}", pending.reason);
        }
        let advice = if pending.advice.is_empty() && lost.clone().any(|loss| loss == Loss::QueueFull) {
            self.signal.advice_on_too_many()
        } else {
            pending.advice
        };
        if !advice.is_empty() {
            let _ = write!(message, ". What to do: {advice}");
        }
        message
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::QueueFull => "found the queue full",
            Self::Undelivered => "could not be delivered",
            Self::Unwritten => "could not be written",
            Self::Refused => "were refused",
            Self::Rejected => "were rejected from requests that were taken",
            Self::Ended => "were not sent when the program ended",
        })
    }
}
