//! A program with prices of its own, for the tests that start it: each argument is a call, `provider/model` and its tokens of
//! input and output, those that are cached and those that are reasoning. Writes what each costs, and how many have no price.

use std::env;
use std::io::Write;
use std::time::Duration;

use throughline::llm::{Price, Usage};
use throughline::llm_span;
use throughline::span::{Sink, SpanView, ValueView};

/// Writes the model and the cost of each call.
struct Costs;

impl Sink for Costs {
    fn span(&mut self, span: &SpanView<'_>) {
        let mut cost = String::from("unknown");
        for (key, value) in span.attributes {
            if let (throughline::semconv::GEN_AI_USAGE_COST, ValueView::Double(dollars)) = (key, value) {
                cost = ((dollars * 1e9).round() / 1e9).to_string();
            }
        }
        say(&format!("{} {cost}", span.name));
    }
}

#[llm_span(provider = provider, model = model)]
fn ask(provider: &str, model: &str, usage: Usage) -> Usage {
    usage
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody reads it");
}

fn main() {
    let m1 = Price::per_million(1000.0, 2000.0).cached(100.0).reasoning(4000.0);
    let _guard = throughline::builder()
        .price("acme", "m1", m1.above(10_000, Price::per_million(2000.0, 3000.0)))
        .price("ollama", "llama3.2", Price::per_million(0.0, 0.0))
        .price("x_ai", "grok-4-0709", Price::per_million(1.0, 1.0))
        .sink(Costs)
        .init();
    for call in env::args().skip(1) {
        let mut words = call.split_whitespace();
        let (provider, model) = words.next().and_then(|name| name.split_once('/')).expect("provider/model");
        let mut count = || words.next().map_or(0, |count| count.parse().expect("a count"));
        let (input, output, cache_read, reasoning) = (count(), count(), count(), count());
        ask(provider, model, Usage { input, output, cache_read, reasoning, ..Usage::default() });
    }
    assert!(throughline::flush(Duration::from_secs(60)));
    say(&format!("unpriced {}", throughline::stats().unpriced_calls));
}
