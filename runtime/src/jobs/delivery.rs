//! A message as it comes out of a queue.

use std::fmt;

use crate::clock;
use crate::jobs::JobOutcome;
use crate::jobs::run::{self, Started};
use crate::propagation::{Config, Entry, Extract, Incoming, Received, Relation, read};
use crate::semconv;
use crate::span::{Callsite, Kind, Span, ValueView};

static PROCESS: Callsite = Callsite::new("process", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Consumer)
    .with_constants(&[
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("process")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("process")),
    ]);

/// A message as it comes out of a queue that carries headers beside its messages.
///
/// The first delivery is a child of the span that enqueued it. A retry is a trace of its own, linked to that span, with
/// the same request ID and the number of the attempt. A message that brings no request ID gets one, and its span says so.
///
/// ```
/// use std::collections::HashMap;
/// use throughline::jobs::Delivery;
///
/// let headers = HashMap::from([("X-Request-ID".to_owned(), "req-abc".to_owned())]);
/// let delivery = Delivery::extract("emails", &headers).attempt(2);
/// delivery.run_blocking(|| {
///     assert_eq!(throughline::Context::current().request_id().unwrap(), "req-abc");
/// });
/// ```
#[derive(Debug)]
#[must_use = "a delivery does nothing unless it is run"]
pub struct Delivery {
    callsite: &'static Callsite,
    destination: Box<str>,
    incoming: Incoming,
    /// `None` when it is a later one, and nobody knows which.
    attempt: Option<u32>,
    /// Milliseconds since 1970.
    enqueued_at: Option<u64>,
    /// Milliseconds since 1970.
    scheduled_at: Option<u64>,
    descriptions: Vec<Description>,
}

/// What an adapter writes on the span.
struct Description(Box<dyn FnOnce(&Span) + Send + Sync>);

impl Delivery {
    /// A first delivery from the queue `destination`, with the context that `carrier` brings.
    pub fn extract<C: Extract + ?Sized>(destination: &str, carrier: &C) -> Self {
        let incoming = read(Config::current(), carrier);
        let (callsite, destination, attempt) = (&PROCESS, destination.into(), Some(1));
        let (enqueued_at, scheduled_at, descriptions) = (None, None, Vec::new());
        Self { callsite, destination, incoming, attempt, enqueued_at, scheduled_at, descriptions }
    }

    /// Opens the span at another callsite, of kind consumer: for adapters, whose system has constants and words of its
    /// own. The span's name is that of the callsite and the destination.
    ///
    /// ```
    /// use throughline::jobs::Delivery;
    /// use throughline::span::{Callsite, Kind, ValueView};
    ///
    /// static CONSUME: Callsite = Callsite::new("consume", module_path!(), file!(), line!(), &[])
    ///     .with_kind(Kind::Consumer)
    ///     .with_constants(&[("messaging.system", ValueView::Str("nats"))]);
    ///
    /// let headers: [(String, String); 0] = [];
    /// Delivery::extract("orders", &headers).at(&CONSUME).run_blocking(|| ()); // `consume orders`
    /// ```
    pub fn at(mut self, callsite: &'static Callsite) -> Self {
        self.callsite = callsite;
        self
    }

    /// Writes more on the span, once it is open, if it is recorded: for adapters, whose system knows more of a message.
    ///
    /// ```
    /// use throughline::jobs::Delivery;
    ///
    /// let headers: [(String, String); 0] = [];
    /// let delivery = Delivery::extract("orders", &headers);
    /// delivery.describe(|span| span.set("messaging.message.body.size", 5)).run_blocking(|| ());
    /// ```
    pub fn describe(mut self, description: impl FnOnce(&Span) + Send + Sync + 'static) -> Self {
        self.descriptions.push(Description(Box::new(description)));
        self
    }

    /// Which delivery this is, from 1.
    pub fn attempt(mut self, attempt: u32) -> Self {
        self.attempt = Some(attempt.max(1));
        self
    }

    /// It was delivered before, and the queue does not know how often: a retry, without a number.
    pub fn redelivered(mut self) -> Self {
        self.attempt = None;
        self
    }

    /// When it was put into the queue, in milliseconds since 1970.
    pub fn enqueued_at(mut self, unix_millis: u64) -> Self {
        self.enqueued_at = Some(unix_millis);
        self
    }

    /// When it was to be worked on, in milliseconds since 1970, where that is later than when it was put into the queue: what
    /// it waited for before is no latency.
    pub fn scheduled_at(mut self, unix_millis: u64) -> Self {
        self.scheduled_at = Some(unix_millis);
        self
    }

    /// Works on the message: opens a span of kind consumer, which ends with the future. The span fails when the outcome
    /// is an error; dropped before, it is cancelled.
    pub fn run<F>(self, work: impl FnOnce() -> F) -> impl Future<Output = F::Output>
    where
        F: Future<Output: JobOutcome>,
    {
        run::in_future(self.start(), work)
    }

    /// The same for work that is not async.
    pub fn run_blocking<R: JobOutcome>(self, work: impl FnOnce() -> R) -> R {
        run::blocking(self.start(), work)
    }

    fn start(self) -> Started {
        let is_minted = self.incoming.request_id == Received::Nothing;
        let is_first = self.attempt == Some(1);
        let relation = if is_first { Relation::Parent } else { Relation::Link };
        let entry = Entry::open(self.callsite, Config::current(), self.incoming, relation);
        if entry.span.is_recording() {
            name(&entry.span, self.callsite, &self.destination);
            entry.span.set(semconv::JOB_ATTEMPT, self.attempt);
            entry.span.set(semconv::JOB_REDELIVERED, (!is_first).then_some(true));
            let since = self.scheduled_at.max(self.enqueued_at);
            entry.span.set(semconv::JOB_QUEUE_LATENCY, since.map(waited));
            entry.span.set(semconv::REQUEST_ID_MINTED, is_minted.then_some(true));
            self.descriptions.into_iter().for_each(|Description(describe)| describe(&entry.span));
        }
        Started::new(entry)
    }
}

/// The span of work on messages that belong to nobody's trace: a batch. It opens where that of the first would.
pub(super) fn start_batch(destination: &str, batch: &[Delivery]) -> Started {
    let callsite = batch.first().map_or(&PROCESS, |delivery| delivery.callsite);
    let incoming = Incoming { parts: Default::default(), request_id: Received::Nothing };
    let entry = Entry::open(callsite, Config::current(), incoming, Relation::Parent);
    if entry.span.is_recording() {
        name(&entry.span, callsite, destination);
        entry.span.set(semconv::MESSAGING_BATCH_MESSAGE_COUNT, batch.len());
        batch.iter().for_each(|delivery| entry.span.link(&delivery.incoming.trace()));
    }
    Started::new(entry)
}

fn name(span: &Span, callsite: &Callsite, destination: &str) {
    if !destination.is_empty() {
        span.rename(&format!("{} {destination}", callsite.name));
        span.set(semconv::MESSAGING_DESTINATION_NAME, destination);
    }
}

/// How long a message waited; clocks of two machines may disagree, so that less than nothing is none.
fn waited(enqueued_at: u64) -> u64 {
    clock::unix_millis_at(clock::tick()).saturating_sub(enqueued_at)
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}
