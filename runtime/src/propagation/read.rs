//! Reading a context out of a carrier.

use crate::context::{Context, ContextParts};
use crate::propagation::erased::Source;
use crate::propagation::propagators::Format;
use crate::propagation::{Config, Extract, TraceParent, baggage, ows, request_id, trace_state};

/// What a carrier brought.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// Trace, flags, trace state and baggage; the request ID only when a valid one came.
    pub(crate) parts: ContextParts,
    /// What came for a request ID.
    pub(crate) request_id: Received,
}

/// What a carrier brought for a request ID.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// None.
    Nothing,
    /// One to be used, under the header of this index.
    Accepted { header: usize },
    /// One to be replaced, under the header of this index; escaped and cut.
    Refused { header: usize, original: String },
}

impl Incoming {
    /// What work brings that begins by itself.
    #[cfg(feature = "jobs")]
    pub(crate) fn nothing() -> Self {
        Self { parts: ContextParts::default(), request_id: Received::Nothing }
    }

    /// The trace that came, without what else did.
    #[cfg(feature = "jobs")]
    pub(crate) fn trace(&self) -> Context {
        let ContextParts { trace_id, span_id, flags, .. } = self.parts;
        Context::from(ContextParts { trace_id, span_id, flags, ..ContextParts::default() })
    }

    /// The context, with a fresh request ID where a trace or a refused ID came without a valid one.
    pub(crate) fn into_context(self, config: &Config) -> Context {
        let needs_id = self.parts.trace_id.is_some() || matches!(self.request_id, Received::Refused { .. });
        Context::from(if needs_id { self.with_request_id(config) } else { self.parts })
    }

    /// The parts, with a fresh request ID when none came.
    pub(crate) fn with_request_id(mut self, config: &Config) -> ContextParts {
        self.parts.request_id.get_or_insert_with(|| config.request_ids.generator.generate());
        self.parts
    }
}

/// Reads what `carrier` brings.
pub(crate) fn extract<C: Extract + ?Sized>(config: &Config, carrier: &C) -> Incoming {
    let mut parts = ContextParts::default();
    for format in config.propagators.formats() {
        match format {
            Format::TraceContext => extract_trace(carrier, &mut parts),
            Format::Other(format) => format.extract(&Source(carrier), &mut parts),
        }
    }
    if config.propagators.baggage
        && let Some(list) = joined(carrier, "baggage")
    {
        baggage::parse(&list, &mut parts.baggage);
    }
    let (id, request_id) = request_id::read(&config.request_ids, carrier);
    parts.request_id = id;
    Incoming { parts, request_id }
}

/// `tracestate` means nothing without a valid `traceparent`; a malformed one harms nothing else.
fn extract_trace<C: Extract + ?Sized>(carrier: &C, parts: &mut ContextParts) {
    let Some(parent) = trace_parent(carrier) else { return };
    parts.trace_id = Some(parent.trace_id);
    parts.span_id = Some(parent.span_id);
    parts.flags = parent.flags;
    parts.trace_state =
        joined(carrier, "tracestate").and_then(|list| trace_state::parse(&list)).map(Into::into);
}

/// The parent, unless the header is there more than once: nobody knows then which one is meant.
fn trace_parent<C: Extract + ?Sized>(carrier: &C) -> Option<TraceParent> {
    let (mut parent, mut count) = (None, 0);
    carrier.each("traceparent", &mut |value| {
        parent = TraceParent::parse(value);
        count += 1;
    });
    parent.filter(|_| count == 1)
}

/// All values of a header, joined by commas as HTTP does. Of a list that is too long there is one byte more than may be.
fn joined<C: Extract + ?Sized>(carrier: &C, key: &str) -> Option<Vec<u8>> {
    let mut list = None::<Vec<u8>>;
    carrier.each(key, &mut |value| {
        let value = ows::trim(value);
        let list = match &mut list {
            None => list.insert(Vec::with_capacity(value.len().min(ows::LONGEST_LIST))),
            Some(list) => {
                list.push(b',');
                list
            }
        };
        let room = (ows::LONGEST_LIST + 1).saturating_sub(list.len());
        list.extend_from_slice(&value[..value.len().min(room)]);
        list.truncate(ows::LONGEST_LIST + 1);
    });
    list
}

#[cfg(feature = "http")]
impl Received {
    /// The index of the header that the ID came under.
    pub(crate) fn header(&self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Accepted { header } | Self::Refused { header, .. } => Some(*header),
        }
    }
}
