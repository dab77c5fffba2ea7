//! Spans as the body of an OTLP request.

use super::Resource;
use super::envelope::{self, Envelope};
use super::span::SpanWriter;
use super::wire;
use crate::span::SpanView;

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
    envelope: Envelope,
    body: Vec<u8>,
    spans: usize,
    writer: SpanWriter,
}

impl Encoder {
    /// An encoder of spans that `resource` makes.
    pub fn new(resource: &Resource) -> Self {
        let envelope = Envelope::new(resource);
        let mut body = Vec::new();
        envelope.begin(&mut body);
        Self { envelope, body, spans: 0, writer: SpanWriter::default() }
    }

    /// Adds a span to the request.
    #[inline]
    pub fn span(&mut self, span: &SpanView<'_>) {
        let Self { body, writer, .. } = self;
        wire::nested(body, envelope::ITEMS, |out| writer.write(out, span));
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
        self.envelope.begin(&mut spare);
        let mut body = std::mem::replace(&mut self.body, spare);
        self.spans = 0;
        self.envelope.finish(&mut body);
        body
    }
}
