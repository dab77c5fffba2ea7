//! What the conventions say of spans of generative AI, and what of a span departs from it.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use throughline_tests::otlp::{self, Typed};

/// What we write and the conventions of this version do not have, by key or namespace, each with its reason.
pub(crate) const OURS: [(&str, &str); 8] = [
    ("throughline.", "a namespace of our own"),
    ("request.id", "on each local root"),
    ("code.", "stable conventions for code, on every span"),
    ("gen_ai.usage.cost", "no merged convention; Langfuse and others read it"),
    ("gen_ai.usage.cost.", "proposed upstream, on request only"),
    ("gen_ai.usage.cache_write.input_tokens", "the unreleased name of cache_creation, on request only"),
    (
        "gen_ai.retrieval.top_k",
        "the unreleased name; here it is gen_ai.request.top_k, a double, as for tokens",
    ),
    ("rerank", "an operation that no convention names"),
];

/// The conventions.
pub(crate) struct Conventions {
    attributes: BTreeMap<&'static str, Attribute>,
    /// The kind of a span, and the requirement level of each key.
    spans: BTreeMap<&'static str, (&'static str, BTreeMap<&'static str, &'static str>)>,
}

struct Attribute {
    kind: &'static str,
    /// Empty where any value will do.
    well_known: BTreeSet<&'static str>,
}

impl Conventions {
    /// Those of version 1.41.0.
    pub(crate) fn read() -> Self {
        let mut all = Self { attributes: BTreeMap::new(), spans: BTreeMap::new() };
        let lines = include_str!("gen_ai-v1.41.0.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let [first, second, third, fourth] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("not four columns: {line}")
            };
            if first == "attribute" {
                let well_known = fourth.split(',').filter(|value| !value.is_empty()).collect();
                all.attributes.insert(second, Attribute { kind: third, well_known });
            } else {
                all.spans.entry(first).or_insert((second, BTreeMap::new())).1.insert(third, fourth);
            }
        }
        all
    }

    /// What of `span` departs from the conventions for the spans `rules`, the first of which says what is required.
    pub(crate) fn departures(&self, rules: &[&str], span: &Span) -> Vec<String> {
        let (kind, levels) = &self.spans[rules[0]];
        let mut found = Vec::new();
        if SpanKind::try_from(span.kind)
            .map(|kind| kind.as_str_name().replace("SPAN_KIND_", "").to_lowercase())
            != Ok((*kind).to_owned())
        {
            found.push(format!("its kind is {}, not {kind}", span.kind));
        }
        let attributes = otlp::attributes(&span.attributes);
        for (key, value) in attributes.iter().filter(|(key, _)| !is_ours(key)) {
            if !rules.iter().any(|rule| self.spans[rule].1.contains_key(&**key)) {
                found.push(format!("{key} is none of its keys"));
            } else {
                found.extend(self.wrong(key, value));
            }
        }
        let required = levels.iter().filter(|(_, level)| **level == "required").map(|(key, _)| *key);
        found.extend(
            required.filter(|key| !attributes.contains_key(*key)).map(|key| format!("it has no {key}")),
        );
        found
    }

    /// What is wrong with the value of a key that the conventions know.
    fn wrong(&self, key: &str, value: &Typed) -> Option<String> {
        let Attribute { kind, well_known } = &self.attributes[key];
        if *kind != "any" && *kind != type_name(value) {
            return Some(format!("{key} is {value:?}, not a {kind}"));
        }
        let Typed::Str(text) = value else { return None };
        // A provider or an error can be any; what is done, and what for, is listed.
        let is_open = well_known.is_empty() || matches!(key, "gen_ai.provider.name" | "error.type");
        (!is_open && !well_known.contains(&**text) && !is_ours(text)).then(|| format!("{key} is {text}"))
    }

    /// The keys that spans of these rules can have.
    pub(crate) fn keys(&self, rule: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.spans[rule].1.iter().map(|(key, level)| (*key, *level))
    }
}

fn is_ours(text: &str) -> bool {
    OURS.iter().any(|(ours, _)| text == *ours || ours.ends_with('.') && text.starts_with(ours))
}

fn type_name(value: &Typed) -> String {
    match value {
        Typed::Bool(_) => "boolean".to_owned(),
        Typed::Int(_) => "int".to_owned(),
        Typed::Double(_) => "double".to_owned(),
        Typed::Str(_) => "string".to_owned(),
        Typed::Array(values) => format!("{}[]", values.first().map_or("string".to_owned(), type_name)),
    }
}
