//! Expansions in a crate of edition 2021: futures capture all lifetimes all the same, and parameters outlive the temporaries
//! of the last expression.

#[path = "../../tests/support/mod.rs"]
mod support;

use std::sync::Mutex;

use support::check_async;
use throughline::llm::{Content, set_content};
use throughline::{agent_span, rerank_span, tool_span, traced};

struct Thing<'a>(&'a Mutex<Vec<u8>>);

impl Thing<'_> {
    #[traced]
    async fn two_lifetimes(&self, other: &str) -> usize {
        self.0.lock().unwrap().len() + other.len()
    }
}

#[traced(fields(len = self.0.lock().unwrap().len()))]
impl<'a> Thing<'a> {
    fn new(values: &'a Mutex<Vec<u8>>) -> Self {
        Self(values)
    }

    async fn later(&self, other: &str) -> Option<usize> {
        Some(self.two_lifetimes(other).await)
    }
}

#[traced]
fn temporaries(values: Mutex<Vec<u8>>) -> Result<u8, String> {
    values.lock().unwrap().first().copied().ok_or_else(|| "empty".to_string())
}

#[traced]
async fn async_temporaries(values: Mutex<Vec<u8>>) -> Option<u8> {
    values.lock().unwrap().first().copied()
}

#[test]
fn lifetimes_and_temporaries() {
    check_async(
        async {
            let values = Mutex::new(vec![1, 2]);
            let other = String::from("ab");
            assert_eq!(Thing::new(&values).later(&other).await, Some(4));
            assert_eq!(temporaries(Mutex::new(vec![3])), Ok(3));
            assert_eq!(async_temporaries(values).await, Some(1));
        },
        &["new", "later len=2", "  two_lifetimes", "temporaries", "async_temporaries"],
    );
}

#[traced]
#[expect(clippy::disallowed_methods, reason = "it is what the test is about")]
fn spawns_in_the_last_expression(numbers: &Mutex<Vec<u8>>) -> usize {
    let local = numbers.lock().unwrap().clone();
    std::thread::spawn(move || as_long_as(&local)).join().unwrap_or_default()
}

#[traced]
async fn awaits_in_the_last_expression(numbers: Vec<u8>) -> usize {
    tokio::spawn(async move { as_long_as(&numbers) }).await.unwrap_or_default()
}

#[traced]
fn as_long_as(numbers: &[u8]) -> usize {
    numbers.len()
}

#[test]
fn what_is_spawned_takes_the_context_along() {
    check_async(
        async {
            assert_eq!(spawns_in_the_last_expression(&Mutex::new(vec![1])), 1);
            assert_eq!(awaits_in_the_last_expression(vec![1, 2]).await, 2);
        },
        &["spawns_in_the_last_expression", "  as_long_as", "awaits_in_the_last_expression", "  as_long_as"],
    );
}

#[rerank_span(model = format!("{prefix}-2").as_str(), provider = names.lock().unwrap()[0].trim(), server_address = names.lock().unwrap()[1].as_str())]
fn of_temporaries(prefix: &str, names: &Mutex<[String; 2]>) {}

#[agent_span(agent = name.to_uppercase().as_str(), capture(input = name.repeat(2).as_str(), output))]
async fn agent(name: &str) -> String {
    tool(1)
}

#[tool_span(capture(arguments, result))]
fn tool(a: u8) -> String {
    a.to_string()
}

#[test]
fn values_may_borrow_from_what_their_expressions_make() {
    set_content(Content::new());
    let names = Mutex::new([String::from(" local "), String::from("here")]);
    let spans = support::spans_of(async {
        of_temporaries("r", &names);
        assert_eq!(agent("ada").await, "1");
    });
    let parts = [
        ["rerank r-2 Client ", "gen_ai.provider.name=\"local\"", "server.address=\"here\""],
        ["invoke_agent ADA ", "adaada", "gen_ai.output.messages="],
        ["  execute_tool tool ", r#"arguments="{\"a\":1}""#, "gen_ai.tool.call.result=\"1\""],
    ];
    for (span, parts) in spans.lines().zip(parts) {
        assert!(span.starts_with(parts[0]), "{span}");
        assert!(parts.iter().all(|part| span.contains(part)), "{span}");
    }
    assert_eq!(spans.lines().count(), parts.len(), "{spans}");
}
