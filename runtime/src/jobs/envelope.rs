//! A payload with its context.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::context::Context;
use crate::jobs::{self, Delivery, JobOutcome, Running, producer};
use crate::propagation::Config;

/// A payload on its way through a queue, with the context it was put there in.
///
/// As JSON it is `{"payload": .., "context": {"traceparent": "..", "X-Request-ID": ".."}, "attempt": 1,
/// "destination": "emails", "enqueued_at": 1763689269123, "scheduled_at": null}`. Whatever of it is missing, unknown or
/// malformed when it is read, only the payload has to be there and right. The page on the format, for queues that others
/// read too, is `docs/jobs.md` in the repository.
///
/// ```
/// use throughline::jobs::Envelope;
///
/// let envelope: Envelope<u32> = serde_json::from_str(r#"{"payload": 7, "context": "lost"}"#).unwrap();
/// assert_eq!((*envelope.payload(), envelope.attempt()), (7, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Envelope<T> {
    pub(super) payload: T,
    pub(super) context: BTreeMap<String, String>,
    pub(super) attempt: Option<u32>,
    pub(super) destination: Option<String>,
    /// Milliseconds since 1970.
    pub(super) enqueued_at: Option<u64>,
    /// Milliseconds since 1970.
    pub(super) scheduled_at: Option<u64>,
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
            enqueued_at: Some(jobs::now()),
            scheduled_at: None,
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
    /// after a failure. Nothing else counts attempts: an envelope that is only read again is at the same attempt.
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

    /// The same envelope, to be worked on at this time, in milliseconds since 1970: what it waits for until then is no
    /// latency. It is the queue that lets it wait.
    ///
    /// ```
    /// # use throughline::jobs::Envelope;
    /// let envelope = Envelope::new("emails", "ada@example.org").scheduled_at(1_763_689_269_123);
    /// assert!(serde_json::to_string(&envelope).unwrap().ends_with(r#""scheduled_at":1763689269123}"#));
    /// ```
    #[must_use]
    pub fn scheduled_at(mut self, unix_millis: u64) -> Self {
        self.scheduled_at = Some(unix_millis);
        self
    }

    /// The context it carries.
    pub fn context(&self) -> Context {
        Config::current().extract(&self.context)
    }

    /// Works on the payload: opens a span of kind consumer, which ends with the future. The span fails when the outcome
    /// is an error; dropped before, it is cancelled.
    pub fn run<F>(self, work: impl FnOnce(T) -> F) -> Running<F>
    where
        F: Future<Output: JobOutcome>,
    {
        let (delivery, payload) = self.into_delivery();
        delivery.run(move || work(payload))
    }

    /// The same for work that is not async.
    pub fn run_blocking<R: JobOutcome>(self, work: impl FnOnce(T) -> R) -> R {
        let (delivery, payload) = self.into_delivery();
        delivery.run_blocking(move || work(payload))
    }

    /// Takes it apart, where the queue tells more of the delivery than the envelope knows.
    ///
    /// ```
    /// # use throughline::jobs::Envelope;
    /// # let (envelope, was_delivered_before) = (Envelope::new("emails", "ada@example.org"), true);
    /// let (mut delivery, address) = envelope.into_delivery();
    /// if was_delivered_before {
    ///     delivery = delivery.redelivered();
    /// }
    /// delivery.run_blocking(|| assert_eq!(address, "ada@example.org"));
    /// ```
    pub fn into_delivery(self) -> (Delivery, T) {
        (self.to_delivery(), self.payload)
    }

    pub(super) fn to_delivery(&self) -> Delivery {
        let mut delivery = Delivery::extract(self.destination(), &self.context).attempt(self.attempt());
        if let Some(millis) = self.enqueued_at {
            delivery = delivery.enqueued_at(millis);
        }
        if let Some(millis) = self.scheduled_at {
            delivery = delivery.scheduled_at(millis);
        }
        delivery
    }
}
