//! A line as JSON.

use std::error::Error;
use std::fmt;

use tracing_core::field::{Field, Visit};

use crate::context::key::Key;
use crate::context::{Request, RequestId, slots};
use crate::logs::json::{Fields, has_field, keys, values};
use crate::logs::line::{Line, LineFormat, sealed};
use crate::logs::span_fields;

/// Lines of JSON, as the [module](crate::logs) describes them: in a [`JsonLayer`](crate::logs::JsonLayer), or as the event format of
/// the `fmt` layer of `tracing-subscriber`.
///
/// ```
/// use throughline::logs::{JsonFormat, SpanFields};
/// use tracing_subscriber::fmt;
///
/// let subscriber = fmt()
///     .event_format(JsonFormat::new().with_service("shop"))
///     .fmt_fields(SpanFields) // without it, lines have no fields of spans
///     .finish();
/// tracing::subscriber::with_default(subscriber, || tracing::info!(items = 3, "placed"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct JsonFormat {
    /// `,"service":".."`, or nothing.
    service: Box<[u8]>,
}

impl JsonFormat {
    /// Lines without `service`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with this `service`, as in OpenTelemetry's `service.name`.
    pub fn with_service(self, name: &str) -> Self {
        let mut service = br#","service":"#.to_vec();
        values::scalar(&mut service, name);
        Self { service: service.into() }
    }
}

impl sealed::Sealed for JsonFormat {}

impl LineFormat for JsonFormat {
    fn write(&self, out: &mut Vec<u8>, line: &Line<'_>) {
        out.extend_from_slice(br#"{"timestamp":""#);
        out.extend_from_slice(&line.timestamp);
        out.extend_from_slice(br#"","level":""#);
        out.extend_from_slice(line.metadata.level().as_str().as_bytes());
        out.push(b'"');
        let message = Message::write(out, line);
        out.extend_from_slice(br#","target":"#);
        values::scalar(out, line.metadata.target());
        out.extend_from_slice(&self.service);
        context(out, line);
        for (_, field) in span_fields::effective(line) {
            out.extend_from_slice(field.as_bytes());
        }
        let skip = |field: &Field| message == Some(field.index()) || line.is_about_origin(field.name());
        line.event.record(&mut Fields::new(out, "", skip));
        out.extend_from_slice(b"}\n");
    }
}

/// The IDs of the request and what is bound to it.
fn context(out: &mut Vec<u8>, line: &Line<'_>) {
    let in_slot = slots::with(line.key.meta, |request| {
        ids(out, line.key, request.request_id.as_ref());
        bound(out, line, request);
    });
    if in_slot.is_none() {
        ids(out, line.key, None);
    }
}

fn ids(out: &mut Vec<u8>, key: Key, request_id: Option<&RequestId>) {
    let trace_id = key.trace_id();
    if let Some(request_id) = request_id.cloned().or_else(|| trace_id.map(RequestId::of_trace)) {
        out.extend_from_slice(br#","request_id":"#);
        request_id.with_str(|text| values::scalar(out, text));
    }
    if let Some(trace_id) = trace_id {
        id(out, br#","trace_id":""#, &trace_id.to_hex());
    }
    if let Some(span_id) = key.span_id() {
        id(out, br#","span_id":""#, &span_id.to_hex());
    }
}

fn id(out: &mut Vec<u8>, key: &[u8], digits: &[u8]) {
    out.extend_from_slice(key);
    out.extend_from_slice(digits);
    out.push(b'"');
}

fn bound(out: &mut Vec<u8>, line: &Line<'_>, request: &Request) {
    for (name, value) in request.bound.iter() {
        let key = keys::written(name);
        if !has_field(line.event, &key) && !span_fields::contains(line.spans, &key) {
            keys::append(out, name, "");
            values::bound(out, value);
        }
    }
}

/// Writes the first field that is called `message`.
struct Message<'a> {
    out: &'a mut Vec<u8>,
    /// Which field it was.
    index: Option<usize>,
}

impl<'a> Message<'a> {
    fn write(out: &'a mut Vec<u8>, line: &Line<'_>) -> Option<usize> {
        let mut message = Self { out, index: None };
        line.event.record(&mut message);
        message.index
    }

    fn found(&mut self, field: &Field) -> bool {
        let found = self.index.is_none() && field.name() == "message";
        if found {
            self.index = Some(field.index());
            self.out.extend_from_slice(br#","message":"#);
        }
        found
    }
}

impl Visit for Message<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if self.found(field) {
            values::scalar(self.out, value);
        }
    }

    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        if self.found(field) {
            values::display(self.out, error);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if self.found(field) {
            values::debug(self.out, value);
        }
    }
}
