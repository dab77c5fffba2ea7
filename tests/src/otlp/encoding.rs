//! A sink that encodes as the exporter does.

use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::trace::v1::Span;
use throughline::export::otlp::{Encoder, Resource};
use throughline::span::{Sink, SpanView};

/// A sink that encodes as the exporter does. Its clones share what they encode: give one to a pipeline and ask the other.
#[derive(Clone, Debug)]
pub struct Encoding(Arc<Mutex<Encoder>>);

impl Encoding {
    /// Nothing yet.
    #[expect(clippy::new_without_default, reason = "it encodes a resource")]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Encoder::new(&Resource::new("shop")))))
    }

    /// The spans so far, read back from their bytes.
    pub fn spans(&self) -> Vec<Span> {
        super::spans(&self.0.lock().expect("not poisoned").take(Vec::new()))
    }
}

impl Sink for Encoding {
    fn span(&mut self, span: &SpanView<'_>) {
        self.0.lock().expect("not poisoned").span(span);
    }
}
