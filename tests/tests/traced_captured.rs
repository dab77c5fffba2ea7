//! `capture(..)`: which values are content, in a process that asks for it. Its form is the business of `llm::content`.

mod support;

use std::fmt;

use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Serialize;
use support::{check, check_async};
use throughline::llm::{Content, set_content};
use throughline::{
    agent_span, embedding_span, llm_span, rerank_span, retrieval_span, tool_span, traced, workflow_span,
};

fn ask_for_content() {
    set_content(Content::new());
}

/// The attributes of the only span of `f` that hold content, as they are shown.
fn content_of(f: impl FnOnce()) -> String {
    ask_for_content();
    let spans = support::spans(f);
    assert_eq!(spans.lines().count(), 1, "{spans}");
    spans
}

#[track_caller]
fn assert_all(spans: &str, parts: &[&str]) {
    for part in parts {
        assert!(spans.contains(part), "no `{part}` in\n{spans}");
    }
}

#[derive(Serialize)]
struct Point {
    x: u32,
}

/// Neither data nor text.
struct Opaque;

/// A text by its `Display` only.
struct Said;

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as it says")
    }
}

#[derive(Debug)]
struct Debugged;

#[tool_span(capture(arguments, result))]
fn shift(
    point: Point,
    (dx, _): (u32, u32),
    label: Option<&str>,
    opaque: &Opaque,
    _: u8,
) -> Result<Point, Said> {
    let _ = opaque;
    label.is_none_or(|label| !label.is_empty()).then_some(Point { x: point.x + dx }).ok_or(Said)
}

#[tool_span(capture(arguments, result), skip(password))]
async fn login(name: &str, password: &str) -> String {
    tokio::task::yield_now().await;
    format!("{name}{}", password.len())
}

#[tool_span(capture(arguments), args)]
fn both(a: u8) {
    let _ = a;
}

#[tool_span(capture(arguments = ?debugged))]
fn given(debugged: Debugged) {
    let Debugged = debugged;
}

#[test]
fn the_arguments_of_a_tool_are_captured_by_their_names_and_its_result_as_its_data() {
    ask_for_content();
    check(
        || assert!(shift(Point { x: 1 }, (2, 3), Some("p"), &Opaque, 0).is_ok()),
        &[concat!(
            "execute_tool shift gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"shift\"",
            r#" gen_ai.tool.call.arguments="{\"point\":{\"x\":1},\"dx\":2,\"label\":\"p\"}""#,
            r#" gen_ai.tool.call.result="{\"x\":3}""#
        )],
    );
    let spans = content_of(|| assert!(shift(Point { x: 1 }, (2, 3), Some(""), &Opaque, 0).is_err()));
    assert!(!spans.contains("gen_ai.tool.call.result"), "{spans}");
}

#[test]
fn what_is_skipped_is_not_captured_and_nothing_becomes_an_attribute_by_that() {
    ask_for_content();
    check_async(
        login("ada", "secret"),
        &[concat!(
            "execute_tool login gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"login\"",
            r#" gen_ai.tool.call.arguments="{\"name\":\"ada\"}" gen_ai.tool.call.result="ada6""#
        )],
    );
    assert_all(&content_of(|| both(1)), &[" a=1 ", r#"gen_ai.tool.call.arguments="{\"a\":1}""#]);
    assert_all(&content_of(|| given(Debugged)), &["gen_ai.tool.call.arguments=\"Debugged\""]);
}

#[llm_span(provider = "local", model = "m", capture(input = %Said, system = opaque, tools = tools.iter().map(|tool| tool.to_lowercase()).collect::<Vec<_>>(), output))]
async fn ask(opaque: Opaque, tools: &[&str]) -> Result<String, Said> {
    let Opaque = opaque;
    Ok("answer".to_owned())
}

#[llm_span(provider = "local", capture(input = question, output))]
fn streamed(question: &str) -> impl Stream<Item = String> {
    stream::iter([question.to_owned()])
}

#[test]
fn a_value_that_is_no_data_is_captured_as_text_or_not_at_all() {
    let spans = content_of(|| drop(support::block_on(ask(Opaque, &["HAMMER"]))));
    assert_all(&spans, &["gen_ai.input.messages=", "as it says", "gen_ai.tool.definitions=", "hammer"]);
    assert_all(&spans, &["gen_ai.output.messages=", "answer"]);
    assert!(!spans.contains("gen_ai.system_instructions"), "{spans}");
}

#[test]
fn the_input_of_a_stream_is_captured_when_it_is_asked_for() {
    let spans = content_of(|| drop(support::block_on(streamed("why?").collect::<Vec<_>>())));
    assert_all(&spans, &["gen_ai.input.messages=", "why?"]);
}

#[retrieval_span(capture(query = words, documents))]
fn search(words: &str) -> Option<Vec<String>> {
    (!words.is_empty()).then(|| vec![words.to_owned()])
}

#[rerank_span(capture(query = words, documents))]
async fn rerank(words: String, documents: Vec<Point>) -> Result<Vec<Point>, String> {
    Ok(documents.into_iter().filter(|_| !words.is_empty()).collect())
}

#[test]
fn searches_and_rankings_capture_their_query_and_what_they_return() {
    let spans = content_of(|| drop(search("tea")));
    assert_all(&spans, &["gen_ai.retrieval.query.text=\"tea\"", "gen_ai.retrieval.documents=", "returned=1"]);
    let spans = content_of(|| drop(support::block_on(rerank("tea".to_owned(), vec![Point { x: 1 }]))));
    assert_all(&spans, &["gen_ai.retrieval.query.text=\"tea\"", "gen_ai.retrieval.documents=", "returned=1"]);
    let spans = content_of(|| drop(search("")));
    assert!(!spans.contains("gen_ai.retrieval.documents"), "{spans}");
}

#[agent_span(capture(input = question, output))]
async fn research(question: &str) -> Result<String, String> {
    Ok(format!("about {question}"))
}

#[workflow_span(capture(input = ["first", "second"], output))]
fn digest() -> Vec<&'static str> {
    vec!["third"]
}

#[test]
fn agents_and_workflows_capture_what_goes_in_and_comes_out() {
    let spans = content_of(|| drop(support::block_on(research("tea"))));
    assert_all(&spans, &["gen_ai.input.messages=", "gen_ai.output.messages=", "about tea"]);
    let spans = content_of(|| drop(digest()));
    assert_all(&spans, &["gen_ai.input.messages=", "second", "gen_ai.output.messages=", "third"]);
}

/// Each method takes over what fits it.
struct Tools;

#[tool_span(capture(arguments, result), capture = "poll")]
impl Tools {
    async fn add(&self, a: u8, b: u8) -> u8 {
        a + b
    }

    fn clear(&self) {}

    #[tool_span(capture(arguments = "none"))]
    fn close(&self, _force: bool) -> bool {
        true
    }

    #[embedding_span(provider = "local")]
    fn embed(&self) -> Vec<u8> {
        vec![1]
    }

    #[traced]
    fn inner(&self, a: u8) -> u8 {
        a
    }
}

#[test]
fn a_place_says_what_its_functions_capture() {
    let arguments = |spans: &str| spans.contains("gen_ai.tool.call.arguments");
    let result = |spans: &str| spans.contains("gen_ai.tool.call.result");
    let spans = content_of(|| assert_eq!(support::block_on(Tools.add(1, 2)), 3));
    assert_all(&spans, &[r#"arguments="{\"a\":1,\"b\":2}""#, "gen_ai.tool.call.result=\"3\""]);
    let spans = content_of(|| Tools.clear());
    assert!(arguments(&spans) && !result(&spans), "{spans}");
    let spans = content_of(|| assert!(Tools.close(true)));
    assert_all(&spans, &["gen_ai.tool.call.arguments=\"none\"", "gen_ai.tool.call.result=\"true\""]);
    for spans in [content_of(|| drop(Tools.embed())), content_of(|| assert_eq!(Tools.inner(1), 1))] {
        assert!(!arguments(&spans) && !result(&spans), "{spans}");
    }
}
