//! The spans that a receiver got, as trees and by their attributes.

use std::fmt::Write as _;

use opentelemetry_proto::tonic::common::v1::AnyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

use crate::otlp;
use crate::receiver::{Receiver, Request};

/// All spans of a run, in the order of their starts.
#[derive(Debug)]
pub struct Received {
    spans: Vec<Span>,
}

impl Received {
    /// Every span that came to the receiver and was not asked for yet. Metrics come to it too.
    pub fn by(receiver: &Receiver) -> Self {
        let is_of = |request: &Request, path: &str| request.line.starts_with(&format!("POST {path} "));
        let (traces, others): (Vec<_>, Vec<_>) =
            receiver.rest().into_iter().partition(|request| is_of(request, "/v1/traces"));
        assert!(others.iter().all(|request| is_of(request, "/v1/metrics")), "{others:?}");
        Self::new(traces.iter().flat_map(|request| otlp::spans(&request.content())).collect())
    }

    /// These spans.
    pub fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_by_key(|span| (span.start_time_unix_nano, span.end_time_unix_nano));
        Self { spans }
    }

    /// All spans.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The spans whose parent is not among them.
    pub fn roots(&self) -> Vec<&Span> {
        let is_root = |span: &&Span| !self.spans.iter().any(|other| other.span_id == span.parent_span_id);
        self.spans.iter().filter(is_root).collect()
    }

    /// The local root of that request.
    #[track_caller]
    pub fn root_of(&self, request_id: &str) -> &Span {
        let mut roots = self.roots().into_iter().filter(|span| text(span, "request.id") == Some(request_id));
        let root = roots.next().unwrap_or_else(|| panic!("no root of {request_id} in\n{}", self.forest()));
        assert!(roots.next().is_none(), "two roots of {request_id}");
        root
    }

    /// The spans under a span, of that name.
    pub fn named<'a>(&'a self, root: &'a Span, name: &'a str) -> Vec<&'a Span> {
        self.spans.iter().filter(|span| span.trace_id == root.trace_id && span.name == name).collect()
    }

    /// The direct children of a span.
    pub fn children<'a>(&'a self, of: &'a Span) -> impl Iterator<Item = &'a Span> {
        self.spans.iter().filter(|span| span.trace_id == of.trace_id && span.parent_span_id == of.span_id)
    }

    /// A span with what is under it: one line each, indented by depth, with kind and error.
    pub fn tree(&self, root: &Span) -> String {
        let mut tree = String::new();
        self.write(&mut tree, root, 0);
        tree
    }

    /// All trees.
    pub fn forest(&self) -> String {
        self.roots().into_iter().map(|root| self.tree(root)).collect()
    }

    fn write(&self, tree: &mut String, span: &Span, depth: usize) {
        writeln!(tree, "{:1$}{2}", "", depth * 2, line(span)).expect("a string takes it");
        for child in self.children(span) {
            self.write(tree, child, depth + 1);
        }
    }
}

/// A span's name, kind and error.
pub fn line(span: &Span) -> String {
    let kind = span.kind().as_str_name().trim_start_matches("SPAN_KIND_").to_lowercase();
    let failed = span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error);
    let error =
        if failed { format!(" error={}", text(span, "error.type").unwrap_or("?")) } else { String::new() };
    format!("{} ({kind}){error}", span.name)
}

/// An attribute, if the span has it.
pub fn attribute<'a>(span: &'a Span, key: &str) -> Option<&'a Value> {
    span.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()
}

/// An attribute that is text.
pub fn text<'a>(span: &'a Span, key: &str) -> Option<&'a str> {
    match attribute(span, key)? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

/// An attribute that is an integer.
pub fn int(span: &Span, key: &str) -> Option<i64> {
    match attribute(span, key)? {
        Value::IntValue(number) => Some(*number),
        _ => None,
    }
}

/// An attribute that is a floating-point number.
pub fn double(span: &Span, key: &str) -> Option<f64> {
    match attribute(span, key)? {
        Value::DoubleValue(number) => Some(*number),
        _ => None,
    }
}

/// An attribute that is a list of texts; empty where there is none.
pub fn texts<'a>(span: &'a Span, key: &str) -> Vec<&'a str> {
    let Some(Value::ArrayValue(list)) = attribute(span, key) else { return Vec::new() };
    let text = |value: &'a AnyValue| match value.value.as_ref()? {
        Value::StringValue(text) => Some(text.as_str()),
        _ => None,
    };
    list.values.iter().filter_map(text).collect()
}
