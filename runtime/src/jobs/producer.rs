//! Putting work into a queue.

use crate::context::Context;
use crate::propagation::{self, Config, Extract};
use crate::semconv;
use crate::span::{Callsite, Kind, Span, ValueView};

static ENQUEUE: Callsite = Callsite::new("enqueue", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Producer)
    .with_constants(&[
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("enqueue")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("create")),
    ]);

/// Opens the span of putting a message into the queue `destination`. Its context goes with the message:
///
/// ```
/// use std::collections::BTreeMap;
///
/// let span = throughline::jobs::enqueue("emails");
/// let mut headers = BTreeMap::new();
/// span.in_scope(|| {
///     throughline::inject(&mut headers);
///     // send the message with its headers
/// });
/// ```
pub fn enqueue(destination: &str) -> Span {
    enqueue_at(&ENQUEUE, destination)
}

/// The same at another callsite, of kind producer: for adapters, whose system has constants and words of its own. The
/// span's name is that of the callsite and the destination.
///
/// ```
/// use throughline::jobs;
/// use throughline::span::{Callsite, Kind, ValueView};
///
/// static PUBLISH: Callsite = Callsite::new("publish", module_path!(), file!(), line!(), &[])
///     .with_kind(Kind::Producer)
///     .with_constants(&[("messaging.system", ValueView::Str("nats"))]);
///
/// let span = jobs::enqueue_at(&PUBLISH, "orders"); // `publish orders`
/// ```
pub fn enqueue_at(callsite: &'static Callsite, destination: &str) -> Span {
    let span = Span::new(callsite);
    if span.is_recording() && !destination.is_empty() {
        span.rename(&format!("{} {destination}", callsite.name));
        span.set(semconv::MESSAGING_DESTINATION_NAME, destination);
    }
    span
}

/// Links the span of a message to the trace that its sender put into the headers, which goes along instead of the span's
/// own: for adapters, before they inject. Headers without a trace change nothing.
///
/// ```
/// use throughline::{jobs, testing};
///
/// let trace = testing::capture(|| {
///     let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
///     jobs::link_sender(&jobs::enqueue("orders"), &headers);
/// });
/// assert_eq!(trace.span("enqueue orders").links().len(), 1);
/// ```
pub fn link_sender<C: Extract + ?Sized>(span: &Span, headers: &C) {
    if span.is_recording() {
        span.link(&propagation::read(Config::current(), headers).trace());
    }
}

/// The context of a message that is put into the queue now.
pub(super) fn context(destination: &str) -> Context {
    enqueue(destination).context()
}
