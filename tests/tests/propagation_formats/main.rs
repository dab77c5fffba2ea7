//! The headers of other tracing systems, beside the examples of their specifications and of their own tests.

mod b3;
mod cloud_trace;
mod datadog;
mod jaeger;
mod ot_trace;
mod together;
mod w3c;
mod xray;

use std::collections::BTreeMap;

use throughline::propagation::{Config, Propagators};
use throughline::{Context, ContextParts, Flags};

fn config(names: &str) -> Config {
    let parsed = Propagators::parse(names);
    assert_eq!(parsed.errors, []);
    let mut config = Config::default();
    config.propagators = parsed.propagators;
    config
}

fn parts(trace: u128, span: u64, flags: Flags) -> ContextParts {
    ContextParts {
        trace_id: throughline::TraceId::new(trace),
        span_id: throughline::SpanId::new(span),
        flags,
        ..ContextParts::default()
    }
}

type Headers<'a> = &'a [(&'a str, &'a str)];

/// What is read of the headers, without the request ID that is made for it.
#[track_caller]
fn read(names: &str, headers: Headers<'_>) -> ContextParts {
    let headers: Vec<(&str, &str)> = headers.to_vec();
    ContextParts { request_id: None, ..config(names).extract(&headers).to_parts() }
}

/// What is written of the parts, by key, without the request ID.
fn written(names: &str, parts: ContextParts) -> BTreeMap<String, String> {
    let mut carrier = BTreeMap::new();
    config(names).inject(&Context::from(parts), &mut carrier);
    carrier.remove("X-Request-ID");
    carrier
}

#[track_caller]
fn check_read(names: &str, headers: Headers<'_>, expected: ContextParts) {
    assert_eq!(read(names, headers), expected, "{names}: {headers:?}");
}

#[track_caller]
fn check_ignored(names: &str, headers: &[Headers<'_>]) {
    headers.iter().for_each(|headers| check_read(names, headers, ContextParts::default()));
}

#[track_caller]
fn check_written(names: &str, parts: ContextParts, headers: Headers<'_>) {
    let expected = headers.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(written(names, parts), expected, "{names}");
}

const NOT_SAMPLED: Flags = Flags::from_bits(0);
const DEBUG: Flags = Flags::SAMPLED.with(Flags::DEBUG);
