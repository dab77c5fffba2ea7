//! Where work enters the process: a request, a message, a job, the program itself.

use crate::context::{Context, ContextParts, RequestId, parts_of};
use crate::propagation::{Config, Extract, Incoming, Received, read};
use crate::semconv;
use crate::span::{Callsite, Parent, Span, orphans};

/// What the trace that came with the work is to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The parent.
    #[default]
    Parent,
    /// A trace of its own begins, with a link.
    #[cfg_attr(
        not(any(feature = "http", feature = "jobs")),
        expect(dead_code, reason = "servers and queues ask for it")
    )]
    Link,
}

/// Opens the span of work that enters the process with the context that `carrier` brings: the span is a child of the
/// caller's, or the root of a trace. Its context has a request ID, the one that came or a fresh one, also where tracing is
/// off. For adapters: [`http::ServerLayer`](crate::http::ServerLayer), [`jobs::Delivery`](crate::jobs::Delivery) and
/// [`process::entry`](crate::process::entry) are there already.
///
/// ```
/// use throughline::FutureExt as _;
/// use throughline::propagation::entry_span;
/// use throughline::span::{Callsite, Kind};
///
/// static COMMAND: Callsite =
///     Callsite::new("command", module_path!(), file!(), line!(), &[]).with_kind(Kind::Server);
///
/// # async fn run(_: &str) {}
/// # async fn example() {
/// let headers = [("x-request-id", "req-abc")];
/// let span = entry_span(&COMMAND, &headers);
/// assert_eq!(span.context().request_id().unwrap(), "req-abc");
/// run("restart").in_span(span).await;
/// # }
/// ```
pub fn entry_span<C: Extract + ?Sized>(callsite: &'static Callsite, carrier: &C) -> Span {
    let config = Config::current();
    open(callsite, config, read(config, carrier), Relation::Parent).0
}

/// Opens the span of work that brought `incoming`, and tells the ID of the request. The context of the span has that ID
/// also where tracing is off.
pub(super) fn open(
    callsite: &'static Callsite,
    config: &Config,
    incoming: Incoming,
    relation: Relation,
) -> (Span, RequestId) {
    orphans::request_begins();
    let Incoming { parts, request_id } = incoming;
    let (parts, linked) = begin(parts, config, relation);
    let supplied = parts.request_id.clone();
    let parent = Context::from(parts);
    let mut span = Span::with_parent(callsite, Parent::Of(&parent));
    if let Some(linked) = linked {
        span.link(&linked);
    }
    if let Received::Refused { original, .. } = &request_id {
        span.set(semconv::REQUEST_ID_REPLACED, original.as_str());
    }
    let request_id = match supplied.or_else(|| span.key().trace_id().map(RequestId::of_trace)) {
        Some(id) => id,
        // While tracing is off there is no trace from which one could follow.
        None => {
            let id = config.request_ids.generator.generate();
            let request_id = Some(id.clone());
            span.carry_instead(Context::from(ContextParts { request_id, ..parts_of(span.key()) }));
            id
        }
    };
    (span, request_id)
}

/// What work begins under that brought `parts`, and what its span is linked to.
pub(crate) fn begin(
    mut parts: ContextParts,
    config: &Config,
    relation: Relation,
) -> (ContextParts, Option<Context>) {
    let linked = (relation != Relation::Parent).then(|| cut_trace(&mut parts)).flatten();
    // The ID of a trace that begins here follows from the trace, unless another generator was asked for.
    if parts.trace_id.is_some() || !config.request_ids.generator.follows_trace() {
        parts.request_id.get_or_insert_with(|| config.request_ids.generator.generate());
    }
    (parts, linked)
}

/// Takes the trace out of `parts`; what is left is the request.
fn cut_trace(parts: &mut ContextParts) -> Option<Context> {
    let (trace_id, span_id) = (parts.trace_id.take()?, parts.span_id.take()?);
    parts.trace_state = None;
    let trace = ContextParts { flags: std::mem::take(&mut parts.flags), ..ContextParts::default() };
    Some(Context::from(ContextParts { trace_id: Some(trace_id), span_id: Some(span_id), ..trace }))
}
