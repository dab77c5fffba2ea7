//! A message as it comes out of a queue.

use crate::context::{Context, ContextParts};
use crate::jobs::JobOutcome;
use crate::jobs::facts::{self, Description, Facts};
use crate::jobs::run::{self, Running, Started};
use crate::propagation::{Config, Entry, Extract, Incoming, Received, Relation, begin, read};
use crate::semconv;
use crate::span::{Callsite, Kind, ValueView, current};

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
    incoming: Incoming,
    facts: Facts,
}

impl Delivery {
    /// A first delivery from the queue `destination`, with the context that `carrier` brings.
    pub fn extract<C: Extract + ?Sized>(destination: &str, carrier: &C) -> Self {
        let incoming = read(Config::current(), carrier);
        let (destination, attempt) = (destination.into(), Some(1));
        let (enqueued_at, scheduled_at, descriptions) = (None, None, Vec::new());
        let facts = Facts { destination, attempt, enqueued_at, scheduled_at, descriptions };
        Self { callsite: &PROCESS, incoming, facts }
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

    /// Writes more on the span, by what is called while that is current, if it is recorded: for adapters, whose system
    /// knows more of a message.
    ///
    /// ```
    /// use throughline::jobs::Delivery;
    ///
    /// let headers: [(String, String); 0] = [];
    /// let delivery = Delivery::extract("orders", &headers);
    /// delivery.describe(|| throughline::set("messaging.message.body.size", 5)).run_blocking(|| ());
    /// ```
    pub fn describe(mut self, description: impl Fn() + Send + Sync + 'static) -> Self {
        self.facts.descriptions.push(Description::new(description));
        self
    }

    /// Which delivery this is, from 1.
    pub fn attempt(mut self, attempt: u32) -> Self {
        self.facts.attempt = Some(attempt.max(1));
        self
    }

    /// It was delivered before, and the queue does not know how often: a retry, without a number.
    pub fn redelivered(mut self) -> Self {
        self.facts.attempt = None;
        self
    }

    /// When it was put into the queue, in milliseconds since 1970.
    pub fn enqueued_at(mut self, unix_millis: u64) -> Self {
        self.facts.enqueued_at = Some(unix_millis);
        self
    }

    /// When it was to be worked on, in milliseconds since 1970, where that is later than when it was put into the queue: what
    /// it waited for before is no latency.
    pub fn scheduled_at(mut self, unix_millis: u64) -> Self {
        self.facts.scheduled_at = Some(unix_millis);
        self
    }

    /// Works on the message: opens a span of kind consumer, which ends with the future. The span fails when the outcome
    /// is an error; dropped before, it is cancelled.
    pub fn run<F>(self, work: impl FnOnce() -> F) -> Running<F>
    where
        F: Future<Output: JobOutcome>,
    {
        run::in_future(self.start(), work)
    }

    /// The same for work that is not async.
    pub fn run_blocking<R: JobOutcome>(self, work: impl FnOnce() -> R) -> R {
        run::blocking(self.start(), work)
    }

    /// The context of the span that enqueued the message, without what else it brings.
    pub(super) fn origin(&self) -> Context {
        self.incoming.trace()
    }

    /// What its span begins under.
    pub(crate) fn begin(self) -> ContextParts {
        let relation = self.relation();
        begin(self.incoming.parts, Config::current(), relation).0
    }

    /// Writes on the current span, which is of another callsite, what its own would have said. What is given as
    /// destination comes before the one it was delivered from.
    pub(crate) fn note(&self, destination: Option<&str>, is_named: bool) {
        for (key, value) in self.callsite.constants {
            set_constant(key, value);
        }
        let own = &*self.facts.destination;
        if !is_named {
            facts::name(self.callsite.name, destination.unwrap_or(own));
        } else if destination.is_none() && !own.is_empty() {
            current::set(semconv::MESSAGING_DESTINATION_NAME, own);
        }
        self.facts.write();
        if self.relation() == Relation::Link {
            current::link(&self.origin());
        }
        match &self.incoming.request_id {
            Received::Nothing => current::set(semconv::REQUEST_ID_MINTED, true),
            Received::Refused { original, .. } => {
                current::set(semconv::REQUEST_ID_REPLACED, original.as_str())
            }
            Received::Accepted { .. } => {}
        }
    }

    fn relation(&self) -> Relation {
        if self.facts.is_first() { Relation::Parent } else { Relation::Link }
    }

    fn start(self) -> Started {
        let relation = self.relation();
        let Self { callsite, incoming, facts } = self;
        let is_minted = incoming.request_id == Received::Nothing;
        let mut entry = Entry::open(callsite, Config::current(), incoming, relation);
        if entry.span.is_recording() {
            entry.in_scope(|| {
                facts::name(callsite.name, &facts.destination);
                facts.write();
                current::set(semconv::REQUEST_ID_MINTED, is_minted.then_some(true));
            });
        }
        Started::new(entry)
    }
}

/// What a callsite says of its system.
fn set_constant(key: &str, value: &ValueView<'static>) {
    match value {
        ValueView::Bool(value) => current::set(key, *value),
        ValueView::Int(value) => current::set(key, *value),
        ValueView::Double(value) => current::set(key, *value),
        ValueView::Str(text) => current::set(key, *text),
        _ => {}
    }
}

/// The span of work on messages that belong to nobody's trace: a batch. It opens where that of the first would.
pub(super) fn start_batch(destination: &str, batch: &[Delivery]) -> Started {
    let callsite = batch.first().map_or(&PROCESS, |delivery| delivery.callsite);
    let mut entry = Entry::open(callsite, Config::current(), Incoming::nothing(), Relation::Parent);
    if entry.span.is_recording() {
        entry.in_scope(|| facts::name(callsite.name, destination));
        entry.span.set(semconv::MESSAGING_BATCH_MESSAGE_COUNT, batch.len());
        batch.iter().for_each(|delivery| entry.span.link(&delivery.origin()));
    }
    Started::new(entry)
}
