//! Lines that were lost because their writer failed.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::monotonic;
use crate::report;
use crate::stats::LINES;

/// The time between messages.
const INTERVAL: Duration = Duration::from_secs(60);

/// What was lost since the last message.
struct Unsaid {
    lines: u64,
    /// What the writer said last.
    error: String,
    /// Whoever reads the lines hung up.
    is_broken_pipe: bool,
    said: Option<Instant>,
}

static UNSAID: Mutex<Unsaid> =
    Mutex::new(Unsaid { lines: 0, error: String::new(), is_broken_pipe: false, said: None });

/// How many lines were lost because their writer failed: the same as
/// [`Stats::dropped_lines`](crate::Stats::dropped_lines).
pub fn lost_lines() -> u64 {
    LINES.get()
}

/// Counts a lost line, and says so on stderr, at most once a minute.
#[cold]
pub(super) fn lost(error: &io::Error) {
    LINES.add(1);
    let now = monotonic();
    let message = with(|unsaid| {
        unsaid.lines += 1;
        unsaid.error = error.to_string();
        unsaid.is_broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        let due = unsaid.said.is_none_or(|said| now.saturating_duration_since(said) >= INTERVAL);
        due.then(|| unsaid.say(now))
    });
    // Outside of the lock: other threads do not wait for a slow stderr.
    message.iter().for_each(|message| report::say(message));
}

/// Says what was lost and not yet said: nothing comes after it. That nobody reads the lines any more needs no saying twice:
/// `program | head` is common.
pub(crate) fn say_rest() {
    let message = with(|unsaid| {
        let is_news = unsaid.lines > 0 && !(unsaid.is_broken_pipe && unsaid.said.is_some());
        is_news.then(|| unsaid.say(monotonic()))
    });
    message.iter().for_each(|message| report::say(message));
}

impl Unsaid {
    fn say(&mut self, now: Instant) -> String {
        self.said = Some(now);
        let lines = match std::mem::take(&mut self.lines) {
            1 => "1 log line".to_owned(),
            lines => format!("{lines} log lines"),
        };
        format!("{lines} lost, the writer failed: {}", self.error)
    }
}

fn with<R>(change: impl FnOnce(&mut Unsaid) -> R) -> R {
    change(&mut UNSAID.lock().unwrap_or_else(PoisonError::into_inner))
}
