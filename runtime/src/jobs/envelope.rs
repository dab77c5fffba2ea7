//! A payload with its context.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::context::Context;
use crate::jobs::{Delivery, JobOutcome, lenient, producer};
use crate::propagation::Config;

/// A payload on its way through a queue, with the context it was put there in.
///
/// As JSON it is `{"payload": .., "context": {"traceparent": "..", "X-Request-ID": ".."}, "attempt": 1,
/// "destination": "emails", "enqueued_at": 1763689269123}`. Whatever of it is missing, unknown or malformed when it is read,
/// only the payload has to be there and right.
///
/// ```
/// use throughline::jobs::Envelope;
///
/// let envelope: Envelope<u32> = serde_json::from_str(r#"{"payload": 7, "context": "lost"}"#).unwrap();
/// assert_eq!((*envelope.payload(), envelope.attempt()), (7, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    payload: T,
    #[serde(default, deserialize_with = "lenient::texts")]
    context: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "lenient::value")]
    attempt: Option<u32>,
    #[serde(default, deserialize_with = "lenient::value")]
    destination: Option<String>,
    /// Milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::value")]
    enqueued_at: Option<u64>,
}

impl<T> Envelope<T> {
    /// Puts `payload` into an envelope for the queue `destination`: a span of kind producer marks the moment, and its
    /// context goes with the payload.
    pub fn new(destination: &str, payload: T) -> Self {
        Self::with_context(destination, payload, &producer::context(destination))
    }

    /// The same with a context that the caller chose, and no span.
    pub fn with_context(destination: &str, payload: T, context: &Context) -> Self {
        let mut carrier = BTreeMap::new();
        Config::current().inject(context, &mut carrier);
        Self {
            payload,
            context: carrier,
            attempt: Some(1),
            destination: Some(destination.to_owned()),
            enqueued_at: Some(clock::unix_millis_at(clock::tick())),
        }
    }

    /// The payload.
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// Takes the payload out.
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// The queue it was put into; empty when that was lost.
    pub fn destination(&self) -> &str {
        self.destination.as_deref().unwrap_or_default()
    }

    /// Which delivery this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt.unwrap_or(1).max(1)
    }

    /// The same envelope at another attempt, from 1: for queues that count deliveries themselves, and to put it back
    /// after a failure.
    ///
    /// ```
    /// # use throughline::jobs::Envelope;
    /// let failed = Envelope::new("emails", "ada@example.org");
    /// let attempt = failed.attempt() + 1;
    /// assert_eq!(failed.at_attempt(attempt).attempt(), 2);
    /// ```
    #[must_use]
    pub fn at_attempt(mut self, attempt: u32) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// The context it carries.
    pub fn context(&self) -> Context {
        Config::current().extract(&self.context)
    }

    /// Works on the payload: opens a span of kind consumer, which ends with the future. The span fails when the outcome
    /// is an error; dropped before, it is cancelled.
    pub fn run<F>(self, work: impl FnOnce(T) -> F) -> impl Future<Output = F::Output>
    where
        F: Future<Output: JobOutcome>,
    {
        let (delivery, payload) = self.delivery();
        delivery.run(move || work(payload))
    }

    /// The same for work that is not async.
    pub fn run_blocking<R: JobOutcome>(self, work: impl FnOnce(T) -> R) -> R {
        let (delivery, payload) = self.delivery();
        delivery.run_blocking(move || work(payload))
    }

    fn delivery(self) -> (Delivery, T) {
        let mut delivery = Delivery::extract(self.destination(), &self.context).attempt(self.attempt());
        if let Some(millis) = self.enqueued_at {
            delivery = delivery.enqueued_at(millis);
        }
        (delivery, self.payload)
    }
}
