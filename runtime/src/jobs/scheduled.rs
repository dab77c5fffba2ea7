//! Work that starts by itself.

use crate::jobs::JobOutcome;
use crate::jobs::facts::Facts;
use crate::jobs::run::{self, Running, Started};
use crate::propagation::{Config, Entry, Incoming, Relation};
use crate::semconv;
use crate::span::Callsite;

static SCHEDULED: Callsite = Callsite::new("scheduled", module_path!(), file!(), line!(), &[]);

/// Work that starts by itself, on a schedule: each run is a trace and a request of its own, whatever was current where its
/// loop was started. The span has the name of the work.
///
/// ```
/// use std::time::Duration;
/// use throughline::jobs;
///
/// # async fn sweep() -> Result<(), std::io::Error> { Ok(()) }
/// async fn sweep_for_ever() {
///     let mut every_hour = tokio::time::interval(Duration::from_secs(3600));
///     loop {
///         every_hour.tick().await;
///         if let Err(error) = jobs::scheduled("sweep").run(sweep).await {
///             // the span has failed; the next run comes in an hour
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "it does nothing unless it is run"]
pub struct Scheduled {
    name: Box<str>,
    /// Milliseconds since 1970.
    due_at: Option<u64>,
}

/// A run of the work with this name.
pub fn scheduled(name: &str) -> Scheduled {
    Scheduled { name: name.into(), due_at: None }
}

impl Scheduled {
    /// When it was due, in milliseconds since 1970: how late it begins is recorded.
    pub fn due_at(mut self, unix_millis: u64) -> Self {
        self.due_at = Some(unix_millis);
        self
    }

    /// Does the work: opens a span, which ends with the future. The span fails when the outcome is an error; dropped
    /// before, it is cancelled.
    pub fn run<F>(self, work: impl FnOnce() -> F) -> Running<F>
    where
        F: Future<Output: JobOutcome>,
    {
        run::in_future(self.start(), work)
    }

    /// The same for work that is not async.
    ///
    /// ```
    /// let request = throughline::jobs::scheduled("sweep").run_blocking(|| {
    ///     Ok::<_, std::io::Error>(throughline::request_id())
    /// });
    /// assert!(request.unwrap().is_some());
    /// ```
    pub fn run_blocking<R: JobOutcome>(self, work: impl FnOnce() -> R) -> R {
        run::blocking(self.start(), work)
    }

    fn start(self) -> Started {
        let entry = Entry::open(&SCHEDULED, Config::current(), Incoming::nothing(), Relation::Parent);
        entry.span.rename(&self.name);
        entry.span.set(semconv::JOB_QUEUE_LATENCY, self.due_at.map(Facts::waited));
        Started::new(entry)
    }
}
