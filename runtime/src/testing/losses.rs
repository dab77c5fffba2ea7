//! Where a request was lost.

use std::collections::BTreeSet;

use crate::id::TraceId;
use crate::semconv;
use crate::span::registry;
use crate::testing::incoming::Sent;
use crate::testing::{Incoming, OwnedValue, SpanNode, Trace};

/// Each place where a request did not go on, as a sentence.
pub(super) fn losses(trace: &Trace, incoming: &Incoming, hops: &[&str]) -> Vec<String> {
    let request = Request::new(trace, incoming);
    let mut losses: Vec<String> = trace.roots().filter_map(|root| request.lost_root(&root)).collect();
    losses.extend(trace.spans().filter_map(|span| request.lost_id(&span)));
    losses.extend(hops.iter().filter_map(|hop| missing(trace, hop)));
    losses.extend(incoming.all_sent().iter().filter_map(|sent| request.lost_carrier(sent)));
    if trace.is_empty() && incoming.all_sent().is_empty() {
        losses.push("nothing was recorded and nothing sent: there is nothing to tell it by".to_owned());
    }
    losses
}

/// The request, and what was captured of it.
struct Request<'a> {
    trace: &'a Trace,
    incoming: &'a Incoming,
    /// Its own trace, and those that are linked to it: of a job that was tried again.
    traces: BTreeSet<TraceId>,
}

impl<'a> Request<'a> {
    fn new(trace: &'a Trace, incoming: &'a Incoming) -> Self {
        let mut traces: BTreeSet<TraceId> = incoming.trace_id().into_iter().collect();
        // A job of a job is linked to a trace that is itself only linked.
        while let Some(linked) = trace.roots().find(|root| is_linked_to(root, &traces)) {
            traces.insert(linked.trace_id());
        }
        Self { trace, incoming, traces }
    }

    fn lost_root(&self, root: &SpanNode<'_>) -> Option<String> {
        let (name, place) = (root.name(), place(root));
        if !self.traces.contains(&root.trace_id()) {
            return Some(match root.parent_id() {
                None => {
                    format!("{place}: the span `{name}` began without the context, in a trace of its own")
                }
                Some(_) => format!("{place}: the span `{name}` is in another trace, {}", root.trace_id()),
            });
        }
        let is_first = root.parent_id().is_none_or(|parent| Some(parent) == self.incoming.span_id());
        (!is_first)
            .then(|| format!("{place}: the parent of the span `{name}` was not captured; had it ended?"))
    }

    /// The ID of the request is on every span whose parent is in another process or nowhere.
    fn lost_id(&self, span: &SpanNode<'_>) -> Option<String> {
        if !span.is_local_root() || !self.traces.contains(&span.trace_id()) {
            return None;
        }
        let id = span.attribute(semconv::REQUEST_ID);
        let id = id.as_ref().and_then(OwnedValue::as_str);
        (!self.incoming.is_request(id))
            .then(|| format!("{}: the span `{}` is part of {}", place(span), span.name(), of_request(id)))
    }

    fn lost_carrier(&self, sent: &Sent) -> Option<String> {
        let (place, parts) = (sent.place, &sent.parts);
        let (Some(trace_id), Some(span_id)) = (parts.trace_id, parts.span_id) else {
            return Some(format!("{place}: what was sent has no trace"));
        };
        if !self.traces.contains(&trace_id) {
            return Some(format!("{place}: what was sent is in another trace, {trace_id}"));
        }
        let is_known =
            self.trace.by_id(trace_id, span_id).is_some() || Some(span_id) == self.incoming.span_id();
        if !is_known {
            return Some(format!(
                "{place}: what was sent continues a span that was not captured; had it ended?"
            ));
        }
        let id = parts.request_id.as_ref().map(ToString::to_string);
        (!self.incoming.is_request(id.as_deref()))
            .then(|| format!("{place}: what was sent is part of {}", of_request(id.as_deref())))
    }
}

fn is_linked_to(root: &SpanNode<'_>, traces: &BTreeSet<TraceId>) -> bool {
    !traces.contains(&root.trace_id()) && root.links().iter().any(|link| traces.contains(&link.trace_id))
}

/// What to say of a span that was to be seen and was not.
fn missing(trace: &Trace, name: &str) -> Option<String> {
    if trace.find(name).is_some() {
        return None;
    }
    let places: Vec<String> =
        registry::named(name).iter().map(|site| format!("{}:{}: ", site.file, site.line)).collect();
    Some(format!(
        "{}the span `{name}` was not seen: its work was not done, had not ended, or lost the context on the way to another thread",
        places.concat()
    ))
}

fn place(span: &SpanNode<'_>) -> String {
    let site = span.callsite();
    format!("{}:{}", site.file, site.line)
}

fn of_request(id: Option<&str>) -> String {
    id.map_or_else(|| "no request".to_owned(), |id| format!("another request, `{id}`"))
}
