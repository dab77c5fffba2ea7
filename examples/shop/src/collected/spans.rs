//! Spans, as the processes send them by OTLP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode as Code};
use prost::Message as _;
use throughline::export::terminal::{Entry, Finished, Waterfall};
use throughline::semconv;
use throughline::span::{Outcome, ValueView};
use throughline::{SpanId, TraceId};
use tokio::net::TcpListener;

/// OTLP: the parent of the span is known to be in this or another process, and is in another one.
const REMOTE_PARENT: u32 = 0x300;

/// The spans of all processes.
#[derive(Clone, Debug)]
pub struct Spans {
    address: SocketAddr,
    received: Arc<Mutex<Vec<(String, Span)>>>,
    /// Where they are sent on to.
    next: Option<String>,
    client: reqwest::Client,
}

impl Spans {
    /// Receives on a free port, until the program ends.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub async fn receive() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port is free")?;
        let next = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty());
        let next = next.map(|endpoint| format!("{}/v1/traces", endpoint.trim_end_matches('/')));
        // Processes wait longer than that before they send again.
        let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
        let spans = Self { address: listener.local_addr()?, received: Arc::default(), next, client };
        let router = Router::new().route("/v1/traces", post(accept)).with_state(spans.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(spans)
    }

    /// Where to send spans to.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The waterfall of each trace of a request, the first one first: what is tried again later is a trace of its own.
    pub fn waterfalls(&self, request_id: &str) -> Vec<Waterfall> {
        let received = self.lock();
        let mut traces: BTreeMap<&[u8], Vec<&(String, Span)>> = BTreeMap::new();
        for span in received.iter() {
            traces.entry(&span.1.trace_id).or_default().push(span);
        }
        let is_of = |spans: &Vec<&(String, Span)>| spans.iter().any(|(_, span)| names(span, request_id));
        let mut traces: Vec<_> = traces.into_values().filter(is_of).collect();
        traces.sort_by_key(|spans| spans.iter().map(|(_, span)| span.start_time_unix_nano).min());
        let entries = |spans: Vec<&(String, Span)>| spans.into_iter().filter_map(entry).collect();
        traces.into_iter().map(|spans| Waterfall::new(entries(spans))).collect()
    }

    /// Sends on what a process sent. The process is not told when that fails: it would send again what is here already.
    #[expect(clippy::print_stderr, reason = "the user asked for it")]
    async fn send_on(&self, headers: &HeaderMap, body: Bytes) {
        let Some(next) = &self.next else { return };
        let mut onward = self.client.post(next).body(body);
        for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            if let Some(value) = headers.get(&name) {
                onward = onward.header(name, value);
            }
        }
        if let Err(error) = onward.send().await.and_then(|answer| answer.error_for_status()) {
            eprintln!("shop: spans were not sent on: {error}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Span)>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what a process sends.
async fn accept(State(spans): State<Spans>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(&*body) else { return StatusCode::BAD_REQUEST };
    for resource in request.resource_spans {
        let attributes = resource.resource.map(|resource| resource.attributes).unwrap_or_default();
        let service = text(&attributes, semconv::SERVICE_NAME).unwrap_or("unknown").to_owned();
        let of_all_scopes = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.lock().extend(of_all_scopes.map(|span| (service.clone(), span)));
    }
    spans.send_on(&headers, body).await;
    StatusCode::OK
}

/// What a waterfall shows of a span.
fn entry((service, span): &(String, Span)) -> Option<Entry> {
    let status = span.status.as_ref();
    let failed = status.is_some_and(|status| status.code == Code::Error as i32);
    let finished = Finished {
        service: Some(service),
        trace_id: TraceId::from_bytes(*span.trace_id.first_chunk()?)?,
        span_id: span_id(&span.span_id)?,
        parent: span_id(&span.parent_span_id),
        parent_is_remote: span.flags & REMOTE_PARENT == REMOTE_PARENT,
        name: &span.name,
        start: span.start_time_unix_nano,
        duration: span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano),
        outcome: match (text(&span.attributes, semconv::THROUGHLINE_OUTCOME), failed) {
            (Some("panicked"), _) => Outcome::Panicked,
            (Some("cancelled"), _) => Outcome::Cancelled,
            (_, true) => Outcome::Error,
            (_, false) => Outcome::Ok,
        },
        message: status.map(|status| &*status.message),
    };
    Some(Entry::new(&finished, span.attributes.iter().filter_map(attribute)))
}

fn names(span: &Span, request_id: &str) -> bool {
    text(&span.attributes, semconv::REQUEST_ID) == Some(request_id)
}

fn span_id(bytes: &[u8]) -> Option<SpanId> {
    SpanId::from_bytes(*bytes.first_chunk()?)
}

fn attribute(pair: &KeyValue) -> Option<(&str, ValueView<'_>)> {
    let value = match pair.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => ValueView::Str(text),
        Value::IntValue(number) => ValueView::Int(*number),
        Value::DoubleValue(number) => ValueView::Double(*number),
        Value::BoolValue(truth) => ValueView::Bool(*truth),
        _ => return None,
    };
    Some((&pair.key, value))
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let found = attributes.iter().rfind(|pair| pair.key == key)?;
    match attribute(found)?.1 {
        ValueView::Str(text) => Some(text),
        _ => None,
    }
}
