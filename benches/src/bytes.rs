//! Until the spans of a round are the body of an OTLP request: each side's own way there, up to the socket.

use std::any::Any;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fastrace_opentelemetry::OpenTelemetryReporter;
use opentelemetry::InstrumentationScope;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use prost::Message;
use throughline::export::otlp::{Encoder, Resource as OurResource};
use throughline::span::{Sink, SpanView};

use crate::ours;

/// The bytes of all requests so far.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// A request of about this size is handed on.
const BATCH: usize = 512 << 10;

/// The bytes of all requests so far.
pub fn written() -> u64 {
    WRITTEN.load(Ordering::Relaxed)
}

fn hand_on(body: &[u8]) {
    WRITTEN.fetch_add(std::hint::black_box(body).len() as u64, Ordering::Relaxed);
}

/// Our pipeline, to bytes.
pub fn ours() -> Box<dyn Any> {
    ours::collect_into(Encoded { encoder: Encoder::new(&OurResource::new("benches")), spare: Vec::new() })
}

/// fastrace with its OpenTelemetry reporter, to bytes.
pub fn fastrace() -> Box<dyn Any> {
    let scope = InstrumentationScope::builder("benches").build();
    let reporter = OpenTelemetryReporter::new(ToBytes::default(), Cow::Owned(resource()), scope);
    fastrace::set_reporter(reporter, fastrace::collector::Config::default());
    Box::new(())
}

/// What the OpenTelemetry SDK's sides say of themselves.
pub fn resource() -> Resource {
    Resource::builder_empty().with_service_name("benches").build()
}

struct Encoded {
    encoder: Encoder,
    spare: Vec<u8>,
}

impl Encoded {
    fn send(&mut self) {
        let body = self.encoder.take(std::mem::take(&mut self.spare));
        hand_on(&body);
        self.spare = body;
    }
}

impl Sink for Encoded {
    fn span(&mut self, span: &SpanView<'_>) {
        self.encoder.span(span);
        if self.encoder.byte_len() >= BATCH {
            self.send();
        }
    }

    fn flush(&mut self, _: Duration) -> bool {
        if self.encoder.spans() > 0 {
            self.send();
        }
        true
    }
}

/// Does what the OTLP exporter does with a batch, and stops at the socket.
#[derive(Debug, Default)]
pub struct ToBytes {
    resource: ResourceAttributesWithSchema,
}

impl SpanExporter for ToBytes {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        hand_on(&ExportTraceServiceRequest { resource_spans }.encode_to_vec());
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

/// Takes batches and throws them away.
#[derive(Debug, Default)]
pub struct ToNowhere;

impl SpanExporter for ToNowhere {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        drop(std::hint::black_box(batch));
        Ok(())
    }
}
