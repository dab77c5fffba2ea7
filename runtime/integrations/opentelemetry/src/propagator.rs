//! Propagators of one kind as those of the other.

use opentelemetry::Context as OtelContext;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use throughline::propagation::{CarrierKind, Config, Extract, Inject, Propagator};
use throughline::{Context, ContextParts, Flags, SpanId, TraceId};

use crate::convert::{parts_of, put_into};
use crate::provider::parent_of;

/// A propagator of OpenTelemetry as a format of ours.
///
/// ```
/// use opentelemetry_sdk::propagation::TraceContextPropagator;
/// use throughline::propagation::{Config, Propagators};
/// use throughline_opentelemetry::OtelPropagator;
///
/// let mut config = Config::default();
/// config.propagators = Propagators::NONE;
/// config.propagators.add(OtelPropagator::new("theirs", TraceContextPropagator::new()));
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// assert_eq!(config.extract(&headers).span_id().unwrap().to_string(), "00f067aa0ba902b7");
/// ```
///
/// `throughline::builder().propagator(..)` adds one to those of `OTEL_PROPAGATORS`.
#[derive(Debug)]
pub struct OtelPropagator<P> {
    name: &'static str,
    inner: P,
}

impl<P: TextMapPropagator + Send + Sync> OtelPropagator<P> {
    /// The format of `propagator`; the name is what it is called where propagators are listed.
    pub fn new(name: &'static str, propagator: P) -> Self {
        Self { name, inner: propagator }
    }
}

impl<P: TextMapPropagator + Send + Sync> Propagator for OtelPropagator<P> {
    fn name(&self) -> &str {
        self.name
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        // Baggage that is there already was meant by whoever set it.
        self.inner.fields().filter(|name| *name != "baggage").for_each(field);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        let headers = Headers::new(self.inner.fields(), carrier);
        let found = parts_of(&self.inner.extract_with_context(&OtelContext::new(), &headers));
        if found.trace_id.is_some() {
            (parts.trace_id, parts.span_id, parts.flags) = (found.trace_id, found.span_id, found.flags);
            parts.trace_state = found.trace_state;
        }
        found.baggage.iter().for_each(|(name, value, more)| parts.baggage.set(name, value, more));
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        let otel = put_into(&Context::from(parts.clone()), &OtelContext::new());
        self.inner.inject_context(&otel, &mut Into(carrier));
    }
}

/// The headers of a carrier that are text, as OpenTelemetry's propagators read them: borrowed.
struct Headers(Vec<(String, String)>);

/// Longer values, and more of them, are not looked at.
const LONGEST: usize = 16 * 1024;
const MOST: usize = 512;

impl Headers {
    fn new(fields: FieldIter<'_>, carrier: &dyn Extract) -> Self {
        let mut keys: Vec<String> = fields.map(str::to_ascii_lowercase).collect();
        carrier.each_key(&mut |key| {
            if keys.len() < MOST {
                keys.push(key.to_ascii_lowercase());
            }
        });
        keys.sort_unstable();
        keys.dedup();
        let mut headers = Vec::new();
        for key in keys {
            carrier.each(&key, &mut |value| {
                let text = std::str::from_utf8(value).ok().filter(|text| text.len() <= LONGEST);
                if let Some(text) = text.filter(|_| headers.len() < MOST) {
                    headers.push((key.clone(), text.to_owned()));
                }
            });
        }
        Self(headers)
    }
}

impl Extractor for Headers {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.0.iter().map(|(key, _)| key.as_str()).collect();
        keys.dedup();
        keys
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let same = self.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
        let values: Vec<&str> = same.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then_some(values)
    }
}

/// A carrier of ours that OpenTelemetry's propagators write into.
struct Into<'a>(&'a mut dyn Inject);

impl Injector for Into<'_> {
    fn set(&mut self, key: &str, value: String) {
        // An empty value says nothing, and what others sent is written as it came.
        let is_visible = value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
        if !value.is_empty() && is_visible {
            self.0.set(key, &value);
        }
    }
}

/// Our propagators as one of OpenTelemetry: what its code sends and receives carries what ours does, request IDs included.
/// [`install`](crate::install) makes one that of the process.
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::propagation::TextMapPropagator as _;
/// use throughline_opentelemetry::ThroughlinePropagator;
///
/// let mut headers = HashMap::new();
/// let trace = throughline::testing::capture(|| {
///     throughline::span!("checkout").in_scope(|| ThroughlinePropagator::new().inject(&mut headers));
/// });
/// let parent = format!("00-{}-{}-03", trace.span("checkout").trace_id(), trace.span("checkout").span_id());
/// assert_eq!(headers["traceparent"], parent);
/// assert!(headers.contains_key("x-request-id"));
/// ```
#[derive(Clone, Debug)]
pub struct ThroughlinePropagator {
    fields: Vec<String>,
}

impl ThroughlinePropagator {
    /// The propagators and the handling of request IDs of the process, as they are whenever it is asked.
    pub fn new() -> Self {
        let mut parts = ContextParts {
            trace_id: TraceId::new(1),
            span_id: SpanId::new(1),
            flags: Flags::SAMPLED,
            trace_state: Some("a=1".into()),
            ..ContextParts::default()
        };
        parts.baggage.set("a", "1", "");
        let mut written = Sent(Vec::new());
        Config::current().inject(&Context::from(parts), &mut written);
        Self { fields: written.0 }
    }
}

impl Default for ThroughlinePropagator {
    fn default() -> Self {
        Self::new()
    }
}

impl TextMapPropagator for ThroughlinePropagator {
    fn inject_context(&self, cx: &OtelContext, injector: &mut dyn Injector) {
        Config::current().inject(&parent_of(cx), &mut Onto(injector));
    }

    fn extract_with_context(&self, cx: &OtelContext, extractor: &dyn Extractor) -> OtelContext {
        put_into(&Config::current().extract(&From(extractor)), cx)
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}

/// The keys of what is written.
struct Sent(Vec<String>);

impl Inject for Sent {
    fn kind(&self) -> CarrierKind {
        CarrierKind::Http
    }

    fn contains(&self, _: &str) -> bool {
        false
    }

    fn set(&mut self, key: &str, _: &str) {
        self.0.push(key.to_owned());
    }

    fn remove(&mut self, _: &str) {}
}

/// A carrier of OpenTelemetry that ours is written into. What is there already cannot be asked: it is replaced.
struct Onto<'a>(&'a mut dyn Injector);

impl Inject for Onto<'_> {
    fn kind(&self) -> CarrierKind {
        CarrierKind::Http
    }

    fn contains(&self, _: &str) -> bool {
        false
    }

    fn set(&mut self, key: &str, value: &str) {
        self.0.set(key, value.to_owned());
    }

    fn remove(&mut self, _: &str) {}
}

/// A carrier of OpenTelemetry that ours is read from.
struct From<'a>(&'a dyn Extractor);

impl Extract for From<'_> {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        self.0.get_all(key).into_iter().flatten().for_each(|found| value(found.as_bytes()));
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.0.keys().into_iter().for_each(key);
    }
}
