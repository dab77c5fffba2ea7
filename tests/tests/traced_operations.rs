//! `#[llm_span]`, `#[retrieval_span]`, `#[tool_span]`: names, requests, what is read of the returned value.

mod support;

use serde::Serialize;
use support::{check, check_async};
use throughline::llm::Usage;
use throughline::{llm_span, retrieval_span, tool_span};

#[derive(Serialize)]
struct Completion {
    id: &'static str,
    model: &'static str,
    choices: Vec<Choice>,
    usage: Counts,
}

#[derive(Serialize)]
struct Choice {
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Counts {
    prompt_tokens: u32,
    completion_tokens: u32,
}

fn completion() -> Completion {
    Completion {
        id: "c1",
        model: "local-1-2026",
        choices: vec![Choice { finish_reason: "stop" }],
        usage: Counts { prompt_tokens: 10, completion_tokens: 5 },
    }
}

/// What a completion leaves on its span, in any order: the writing is the business of `llm`.
const READ: &[&str] = &[
    "gen_ai.response.id=\"c1\"",
    "gen_ai.response.model=\"local-1-2026\"",
    "gen_ai.response.finish_reasons=[\"stop\"]",
    "gen_ai.usage.input_tokens=10",
    "gen_ai.usage.output_tokens=5",
];

#[track_caller]
fn assert_all(spans: &str, parts: &[&str]) {
    for part in parts {
        assert!(spans.contains(part), "no `{part}` in\n{spans}");
    }
}

#[llm_span(provider = "local", model = "local-1")]
async fn ask(question: &str) -> Result<Completion, std::io::Error> {
    tokio::task::yield_now().await;
    if question.is_empty() {
        return Err(std::io::Error::other("no question"));
    }
    Ok(completion())
}

#[test]
fn a_response_is_read_from_inside_of_a_result() {
    let spans = support::spans_of(async { assert!(ask("why?").await.is_ok()) });
    assert!(spans.starts_with("chat local-1 Client "), "{spans}");
    assert_all(&spans, READ);
    let known = [
        "gen_ai.operation.name=\"chat\"",
        "gen_ai.provider.name=\"local\"",
        "gen_ai.request.model=\"local-1\"",
    ];
    assert_all(&spans, &known);
}

#[test]
fn an_error_of_a_model_call_marks_its_span() {
    let spans = support::spans_of(async { assert!(ask("").await.is_err()) });
    assert!(spans.starts_with("chat local-1 Client !Error \"no question\""), "{spans}");
    assert!(!spans.contains("gen_ai.usage.input_tokens"), "{spans}");
}

struct Client {
    model: String,
}

impl Client {
    #[llm_span(provider = "local", model = self.model, operation = "text_completion", temperature = 0.5, max_tokens = limit)]
    fn complete(&self, limit: Option<u32>) -> Option<Box<Completion>> {
        limit.map(|_| Box::new(completion()))
    }

    #[llm_span(provider = "local", model = %self.model)]
    async fn pair(&self) -> Result<(String, Completion), String> {
        Ok(("answer".to_owned(), completion()))
    }

    #[llm_span(provider = "local", model = self.model, usage = |answer: &String| Usage { input: 1, output: answer.len() as u64, ..Usage::default() })]
    async fn counted(&self) -> Result<String, String> {
        Ok("four".to_owned())
    }

    #[llm_span(provider = "local", model = self.model)]
    async fn text(&self) -> String {
        throughline::llm::record(&completion());
        "text".to_owned()
    }
}

fn client() -> Client {
    Client { model: "m2".to_owned() }
}

#[test]
fn a_model_that_is_known_at_the_call_names_the_span() {
    let spans = support::spans(|| assert!(client().complete(Some(9)).is_some()));
    assert!(spans.starts_with("text_completion m2 Client"), "{spans}");
    assert_all(&spans, READ);
    assert_all(&spans, &["gen_ai.request.max_tokens=9", "gen_ai.request.temperature=0.5"]);
}

#[test]
fn a_response_is_read_from_a_tuple() {
    let spans = support::spans_of(async { assert!(client().pair().await.is_ok()) });
    assert!(spans.starts_with("chat m2 Client"), "{spans}");
    assert_all(&spans, READ);
}

#[test]
fn usage_comes_from_a_closure() {
    let spans = support::spans_of(async { assert!(client().counted().await.is_ok()) });
    assert_all(&spans, &["gen_ai.usage.input_tokens=1", "gen_ai.usage.output_tokens=4"]);
}

#[test]
fn a_function_that_returns_text_records_the_response_in_its_body() {
    let spans = support::spans_of(client().text());
    assert_all(&spans, READ);
}

#[retrieval_span(data_source = "handbook", top_k = 3)]
async fn search(words: &str) -> Result<Vec<String>, std::fmt::Error> {
    Ok(vec![words.to_owned(), words.to_owned()])
}

#[retrieval_span]
fn list() -> Vec<u8> {
    vec![1]
}

#[test]
fn a_search_counts_what_it_returns() {
    check_async(
        async { assert!(search("a").await.is_ok()) },
        &[concat!(
            "retrieval handbook Client gen_ai.operation.name=\"retrieval\" gen_ai.data_source.id=\"handbook\"",
            " gen_ai.retrieval.top_k=3 throughline.retrieval.returned=2"
        )],
    );
    check(
        || drop(list()),
        &["retrieval Client gen_ai.operation.name=\"retrieval\" throughline.retrieval.returned=1"],
    );
}

#[tool_span]
fn multiply(#[attr] a: i64, b: i64) -> i64 {
    a * b
}

#[tool_span(name = "word_count", call_id = id, type = "function")]
async fn count(id: &str, text: &str) -> Result<usize, String> {
    text.is_empty().then_some(0).ok_or_else(|| id.to_owned())
}

#[test]
fn a_tool_has_the_name_of_its_function_or_a_given_one() {
    check(
        || assert_eq!(multiply(6, 7), 42),
        &["execute_tool multiply gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"multiply\" a=6"],
    );
    check_async(
        async { assert!(count("call-1", "words").await.is_err()) },
        &[concat!(
            "execute_tool word_count !Error \"call-1\" gen_ai.operation.name=\"execute_tool\"",
            " gen_ai.tool.name=\"word_count\" gen_ai.tool.type=\"function\" gen_ai.tool.call.id=\"call-1\"",
            " error.type=\"alloc::string::String\""
        )],
    );
}
