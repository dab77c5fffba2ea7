//! Spans as the body of an OTLP request.

use super::Resource;
use super::attributes::write_all;
use super::keys::Keys;
use super::span::SpanWriter;
use super::wire::{self, Type, tag};
use crate::span::SpanView;

/// `ExportTraceServiceRequest.resource_spans`.
const RESOURCE_SPANS: u8 = 1;
/// The fields of `ResourceSpans`.
mod resource_spans {
    pub(super) const RESOURCE: u8 = 1;
    pub(super) const SCOPE_SPANS: u8 = 2;
}
/// `Resource.attributes`.
const RESOURCE_ATTRIBUTES: u8 = 1;
/// The fields of `ScopeSpans`.
mod scope_spans {
    pub(super) const SCOPE: u8 = 1;
    pub(super) const SPANS: u8 = 2;
}
/// The fields of `InstrumentationScope`.
mod scope {
    pub(super) const NAME: u8 = 1;
    pub(super) const VERSION: u8 = 2;
}

/// The width of the two outer lengths, which are filled in at the end: enough for 256 MiB.
const WIDTH: usize = 4;

/// Spans as the body of an OTLP request: an
/// [`ExportTraceServiceRequest`](https://opentelemetry.io/docs/specs/otlp/#otlphttp-request) in protobuf, written
/// straight from the view of each span. What a callsite decides is encoded once, and what the resource decides too.
///
/// ```
/// use throughline::export::otlp::{Encoder, Resource};
///
/// let mut encoder = Encoder::new(&Resource::new("shop"));
/// assert_eq!(encoder.spans(), 0);
/// let empty = encoder.take(Vec::new());
/// assert!(empty.windows(4).any(|window| window == b"shop"));
/// ```
#[derive(Debug)]
pub struct Encoder {
    prefix: Box<[u8]>,
    /// Where the length of the `ScopeSpans` ends in the prefix; that of the `ResourceSpans` begins at 1.
    scope_start: usize,
    body: Vec<u8>,
    spans: usize,
    writer: SpanWriter,
}

impl Encoder {
    /// An encoder of spans that `resource` makes.
    pub fn new(resource: &Resource) -> Self {
        let (prefix, scope_start) = prefix(resource);
        let body = prefix.clone();
        Self { prefix: prefix.into(), scope_start, body, spans: 0, writer: SpanWriter::default() }
    }

    /// Adds a span to the request.
    #[inline]
    pub fn span(&mut self, span: &SpanView<'_>) {
        let Self { body, writer, .. } = self;
        wire::nested(body, scope_spans::SPANS, |out| writer.write(out, span));
        self.spans += 1;
    }

    /// The number of spans in the request.
    pub fn spans(&self) -> usize {
        self.spans
    }

    /// The length of the request in bytes.
    pub fn byte_len(&self) -> usize {
        self.body.len()
    }

    /// Takes the finished request, and begins the next one in the memory of `spare`.
    pub fn take(&mut self, mut spare: Vec<u8>) -> Vec<u8> {
        spare.clear();
        spare.extend_from_slice(&self.prefix);
        let mut body = std::mem::replace(&mut self.body, spare);
        self.spans = 0;
        for start in [1 + WIDTH, self.scope_start] {
            // Nobody reads a request of more than 256 MiB; the sink's batches end far below.
            let len = wire::padded::<WIDTH>(body.len() - start).unwrap_or([0; WIDTH]);
            body[start - WIDTH..start].copy_from_slice(&len);
        }
        body
    }
}

/// All that stands before the first span, with room for the two lengths, and where the second one ends.
fn prefix(resource: &Resource) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    open(&mut out, RESOURCE_SPANS);
    wire::nested(&mut out, resource_spans::RESOURCE, |out| {
        write_all(out, RESOURCE_ATTRIBUTES, resource.attributes(), &mut Keys::default());
    });
    open(&mut out, resource_spans::SCOPE_SPANS);
    let scope_start = out.len();
    wire::nested(&mut out, scope_spans::SCOPE, |out| {
        wire::delimited(out, scope::NAME, env!("CARGO_PKG_NAME").as_bytes());
        wire::delimited(out, scope::VERSION, env!("CARGO_PKG_VERSION").as_bytes());
    });
    (out, scope_start)
}

fn open(out: &mut Vec<u8>, field: u8) {
    out.push(tag(field, Type::Delimited));
    out.extend_from_slice(&[0; WIDTH]);
}
