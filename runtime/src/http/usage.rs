//! What a server's models used for a request, in a header of its response.
//!
//! `throughline-usage: calls=2;input_tokens=1500;output_tokens=80;cost_usd=0.000435`: numbers by name, in any order; names
//! that one does not know are passed over.

use http::HeaderMap;

use crate::semconv;
use crate::span::{Value, current};

const HEADER: &str = "throughline-usage";

/// The names, and where a client records them.
const COUNTS: [(&str, &str); 5] = [
    ("calls", semconv::LLM_REMOTE_CALLS),
    ("input_tokens", semconv::LLM_REMOTE_INPUT_TOKENS),
    ("output_tokens", semconv::LLM_REMOTE_OUTPUT_TOKENS),
    ("unpriced_calls", semconv::LLM_REMOTE_UNPRICED_CALLS),
    ("tool_calls", semconv::LLM_REMOTE_TOOL_CALLS),
];
const COST: &str = "cost_usd";

/// A longer value is not ours.
const LONGEST: usize = 256;
/// More than this nobody spends on a request.
const DEAREST: f64 = 1e9;

/// Writes the header, if anything was used.
#[cfg(feature = "llm")]
pub(super) fn write(totals: &crate::llm::Totals, headers: &mut HeaderMap) {
    use std::fmt::Write;

    let unpriced = u64::try_from(totals.unpriced).unwrap_or(0);
    let usage = &totals.usage;
    let counts = [totals.calls, usage.input, usage.output, unpriced, totals.tool_calls];
    let mut text = String::new();
    for ((name, _), count) in COUNTS.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        let _ = write!(text, "{name}={count};");
    }
    if let Some(cost) = totals.cost {
        let _ = write!(text, "{COST}={cost:.12}");
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if let Ok(value) = text.trim_end_matches(';').parse::<http::HeaderValue>()
        && !value.is_empty()
    {
        // A map with as many headers as it can hold is left as it is.
        let _ = headers.try_insert(HEADER, value);
    }
}

/// The header as it came, if it may be one.
pub(super) fn text(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(HEADER)?;
    if value.len() > LONGEST { None } else { value.to_str().ok() }
}

/// Records on the current span what a header says. It is what another says of itself, and is added to nothing. Where one
/// number is malformed, none is believed.
pub(super) fn record(text: &str) {
    if let Some(attributes) = read(text) {
        attributes.iter().for_each(|(key, value)| current::set(key, *value));
    }
}

fn read(text: &str) -> Option<Vec<(&'static str, Value<'static>)>> {
    let mut attributes = Vec::new();
    for pair in text.split(';') {
        let (name, value) = pair.split_once('=')?;
        let count = COUNTS.into_iter().find(|(known, _)| *known == name.trim());
        match count {
            Some((_, key)) => attributes.push((key, Value::I64(number(value)?))),
            None if name.trim() == COST => {
                attributes.push((semconv::LLM_REMOTE_COST, Value::F64(dollars(value)?)));
            }
            None => {}
        }
    }
    Some(attributes)
}

fn number(text: &str) -> Option<i64> {
    is_plain(text).then(|| text.trim().parse().ok())?
}

fn dollars(text: &str) -> Option<f64> {
    let dollars: f64 = is_plain(text).then(|| text.trim().parse().ok())??;
    (dollars <= DEAREST).then_some(dollars)
}

/// No signs, no exponents, no infinities.
fn is_plain(text: &str) -> bool {
    text.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        let attributes = read(text).unwrap_or_default();
        let line = |(key, value): &(&str, Value<'_>)| match value {
            Value::I64(count) => format!("{}={count}", key.rsplit('.').next().unwrap_or_default()),
            Value::F64(dollars) => format!("cost={dollars}"),
            _ => String::from("?"),
        };
        attributes.iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_are_read_by_their_names() {
        assert_eq!(
            seen("calls=2;input_tokens=1500; cost_usd=0.000435"),
            "calls=2 input_tokens=1500 cost=0.000435"
        );
        assert_eq!(seen("calls=2;carbon=7g;tool_calls=1"), "calls=2 tool_calls=1");
    }

    #[test]
    fn one_malformed_number_discredits_the_rest() {
        let malformed = [
            "",
            "calls",
            "calls=",
            "calls=-1",
            "calls=1.5",
            "calls=9223372036854775808",
            "calls=1;cost_usd=-1",
            "cost_usd=1e300",
            "cost_usd=inf",
            "cost_usd=NaN",
            "cost_usd=99999999999",
            "cost_usd=.",
            "calls=1;;",
            "calls=\u{661}",
        ];
        malformed.into_iter().for_each(|text| assert_eq!(seen(text), "", "{text}"));
    }
}
