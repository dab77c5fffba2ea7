//! The keys that single backends want: what comes out of the encoder with them, read by the official types.

use std::collections::BTreeMap;

use throughline::SpanId;
use throughline::llm::{Profile, Profiled};
use throughline::span::{Callsite, Kind, Sink, ValueView};
use throughline_tests::otlp::{self, Encoding, Shape, Typed};

const OPENINFERENCE: &[Profile] = &[Profile::OpenInference];
const LANGFUSE: &[Profile] = &[Profile::Langfuse];
const LOGFIRE: &[Profile] = &[Profile::Logfire];

/// Longer than what is not about length.
const LONG: usize = 64 << 10;

fn sent(profiles: &[Profile], longest: usize, shape: &Shape) -> BTreeMap<String, Typed> {
    let encoding = Encoding::new();
    let mut sink = Profiled::new(encoding.clone(), profiles.iter().copied(), longest);
    shape.view(|span| sink.span(span));
    otlp::attributes(&encoding.spans()[0].attributes)
}

/// What the profiles add, a line each. What the span has of its own must still be there.
#[track_caller]
fn added(profiles: &[Profile], shape: &Shape) -> String {
    let own = sent(&[], LONG, shape);
    let mut all = sent(profiles, LONG, shape);
    for (key, value) in own {
        assert_eq!(all.remove(&key).as_ref(), Some(&value), "{key}");
    }
    let lines: Vec<_> = all.iter().map(|(key, value)| format!("{key}={}", text(value))).collect();
    lines.join("\n")
}

fn text(value: &Typed) -> String {
    match value {
        Typed::Str(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

#[track_caller]
fn assert_lines(found: &str, expected: &[&str]) {
    for line in expected {
        assert!(found.lines().any(|found| found == *line), "no `{line}` in\n{found}");
    }
}

static CHAT: Callsite = Callsite::new("chat gpt-4o-mini", "shop", "src/shop.rs", 1, &[])
    .with_kind(Kind::Client)
    .with_constants(&[
        ("gen_ai.operation.name", ValueView::Str("chat")),
        ("gen_ai.provider.name", ValueView::Str("azure.ai.openai")),
        ("gen_ai.request.model", ValueView::Str("gpt-4o-mini")),
    ]);
static ANY: Callsite = Callsite::new("any", "shop", "src/shop.rs", 1, &[]);

fn child(callsite: &'static Callsite) -> Shape {
    Shape { parent: SpanId::new(2), ..Shape::new(callsite, 1) }
}

fn operation(name: &str) -> Shape {
    child(&ANY).with("gen_ai.operation.name", name)
}

fn list(texts: &[&str]) -> Typed {
    Typed::Array(texts.iter().map(|text| Typed::from(*text)).collect())
}

/// A call of a model as `#[llm_span]` leaves it, content off.
fn chat() -> Shape {
    child(&CHAT)
        .with("gen_ai.request.temperature", Typed::Double(0.5))
        .with("gen_ai.request.max_tokens", 64)
        .with("gen_ai.request.stop_sequences", list(&["END"]))
        .with("gen_ai.conversation.id", "conv-1")
        .with("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
        .with("gen_ai.response.finish_reasons", list(&["stop", "length"]))
        .with("gen_ai.usage.input_tokens", 1000)
        .with("gen_ai.usage.output_tokens", 500)
        .with("gen_ai.usage.cache_read.input_tokens", 200)
        .with("gen_ai.usage.cache_creation.input_tokens", 100)
        .with("gen_ai.usage.reasoning.output_tokens", 50)
        .with("gen_ai.usage.cost", Typed::Double(0.000_435))
}

#[test]
fn openinference_knows_a_model_call_by_its_kind_its_model_its_tokens_and_its_cost() {
    let expected = "\
llm.cost.total=Double(0.000435)
llm.finish_reason=stop
llm.invocation_parameters={\"max_tokens\":64,\"model\":\"gpt-4o-mini\",\"stop\":[\"END\"],\"temperature\":0.5}
llm.model_name=gpt-4o-mini-2024-07-18
llm.provider=azure
llm.system=openai
llm.token_count.completion=Int(500)
llm.token_count.completion_details.reasoning=Int(50)
llm.token_count.prompt=Int(1000)
llm.token_count.prompt_details.cache_read=Int(200)
llm.token_count.prompt_details.cache_write=Int(100)
llm.token_count.total=Int(1500)
openinference.span.kind=LLM
session.id=conv-1";
    assert_eq!(added(OPENINFERENCE, &chat()), expected);
}

#[test]
fn langfuse_is_told_what_an_observation_is_and_each_token_in_one_kind_only() {
    let expected = "\
langfuse.observation.cost_details={\"total\":0.000435}
langfuse.observation.type=generation
langfuse.observation.usage_details={\"input\":700,\"input_cache_creation\":100,\"input_cached_tokens\":200,\
\"output\":450,\"output_reasoning_tokens\":50}
langfuse.session.id=conv-1";
    assert_eq!(added(LANGFUSE, &chat()), expected);
}

#[test]
fn logfire_is_told_the_cost() {
    assert_eq!(added(LOGFIRE, &chat()), "operation.cost=Double(0.000435)");
    let without = operation("chat").with("gen_ai.usage.input_tokens", 1);
    assert_eq!(added(LOGFIRE, &without), "", "an unknown cost is not zero");
}

#[test]
fn the_words_of_the_unreleased_conventions_are_understood() {
    let latest = operation("chat")
        .with("gen_ai.usage.input_tokens", 10)
        .with("gen_ai.usage.output_tokens", 5)
        .with("gen_ai.usage.cache_write.input_tokens", 4)
        .with("gen_ai.usage.cost.amount", Typed::Double(0.25))
        .with("gen_ai.usage.cost.currency", "USD");
    assert_lines(
        &added(&[Profile::OpenInference, Profile::Langfuse, Profile::Logfire], &latest),
        &[
            "llm.cost.total=Double(0.25)",
            "llm.token_count.prompt_details.cache_write=Int(4)",
            "langfuse.observation.cost_details={\"total\":0.25}",
            "langfuse.observation.usage_details={\"input\":6,\"input_cache_creation\":4,\"output\":5}",
            "operation.cost=Double(0.25)",
        ],
    );
}

#[test]
fn a_span_is_what_its_operation_says() {
    for (name, kind, observation) in [
        ("chat", "LLM", "generation"),
        ("text_completion", "LLM", "generation"),
        ("generate_content", "LLM", "generation"),
        ("embeddings", "EMBEDDING", "embedding"),
        ("retrieval", "RETRIEVER", "retriever"),
        ("rerank", "RERANKER", "retriever"),
        ("execute_tool", "TOOL", "tool"),
        ("invoke_agent", "AGENT", "agent"),
        ("create_agent", "AGENT", "agent"),
        ("invoke_workflow", "CHAIN", "chain"),
    ] {
        let lines = added(&[Profile::OpenInference, Profile::Langfuse], &operation(name));
        let expected = format!("langfuse.observation.type={observation}\nopeninference.span.kind={kind}");
        assert_eq!(lines, expected, "{name}");
    }
}

#[test]
fn a_span_with_a_model_is_a_model_call_whatever_it_is_called() {
    let kind = &["openinference.span.kind=LLM"];
    assert_lines(&added(OPENINFERENCE, &operation("summarize").with("gen_ai.request.model", "m")), kind);
    assert_lines(&added(OPENINFERENCE, &child(&ANY).with("gen_ai.response.model", "m")), kind);
}

#[test]
fn of_other_spans_a_local_root_with_model_calls_alone_is_a_chain() {
    let calls = |shape: Shape, calls: i64| shape.with("throughline.llm.total.calls", calls);
    assert_eq!(added(OPENINFERENCE, &calls(Shape::new(&ANY, 1), 2)), "openinference.span.kind=CHAIN");
    assert_eq!(added(OPENINFERENCE, &calls(Shape::new(&ANY, 1), 0)), "");
    assert_eq!(added(OPENINFERENCE, &calls(child(&ANY), 2)), "", "what came after the root has the sums too");
    assert_eq!(added(OPENINFERENCE, &Shape::new(&ANY, 1)), "");
}

#[test]
fn sessions_and_users_go_by_their_own_keys_first() {
    let shape = operation("chat")
        .with("gen_ai.conversation.id", "conv-1")
        .with("session.id", "session-1")
        .with("user.id", "user-1");
    assert_lines(&added(LANGFUSE, &shape), &["langfuse.session.id=session-1", "langfuse.user.id=user-1"]);
    assert!(!added(OPENINFERENCE, &shape).contains("conv-1"), "the span has a session");
}

#[test]
fn embeddings_and_rerankers_have_models_of_their_own_kind() {
    let embedding = operation("embeddings")
        .with("gen_ai.request.model", "small")
        .with("gen_ai.request.encoding_formats", list(&["float"]))
        .with("gen_ai.usage.input_tokens", 8);
    let expected = "\
embedding.invocation_parameters={\"encoding_formats\":[\"float\"],\"model\":\"small\"}
embedding.model_name=small
llm.token_count.prompt=Int(8)
llm.token_count.total=Int(8)
openinference.span.kind=EMBEDDING";
    assert_eq!(added(OPENINFERENCE, &embedding), expected);

    let rerank = operation("rerank")
        .with("gen_ai.request.model", "ranker")
        .with("throughline.rerank.top_k", 3)
        .with("gen_ai.retrieval.query.text", "why?")
        .with("gen_ai.retrieval.documents", r#"[{"id":"d2","score":0.9}]"#);
    let expected = "\
input.mime_type=text/plain
input.value=why?
openinference.span.kind=RERANKER
output.mime_type=application/json
output.value=[{\"id\":\"d2\",\"score\":0.9}]
reranker.model_name=ranker
reranker.output_documents.0.document.id=d2
reranker.output_documents.0.document.score=Double(0.9)
reranker.query=why?
reranker.top_k=Int(3)";
    assert_eq!(added(OPENINFERENCE, &rerank), expected);
}

#[test]
fn tools_and_agents_have_names() {
    let tool = operation("execute_tool")
        .with("gen_ai.tool.name", "weather")
        .with("gen_ai.tool.description", "the weather")
        .with("gen_ai.tool.call.id", "call_1")
        .with("gen_ai.tool.call.arguments", r#"{"city":"Rome"}"#)
        .with("gen_ai.tool.call.result", "sunny");
    let expected = "\
input.mime_type=application/json
input.value={\"city\":\"Rome\"}
openinference.span.kind=TOOL
output.mime_type=text/plain
output.value=sunny
tool.description=the weather
tool.id=call_1
tool.name=weather
tool.parameters={\"city\":\"Rome\"}";
    assert_eq!(added(OPENINFERENCE, &tool), expected);
    let agent = operation("invoke_agent").with("gen_ai.agent.name", "planner");
    assert_eq!(added(OPENINFERENCE, &agent), "agent.name=planner\nopeninference.span.kind=AGENT");
}

#[test]
fn documents_that_were_recorded_are_listed() {
    let search = operation("retrieval").with("gen_ai.retrieval.query.text", "owls").with(
        "gen_ai.retrieval.documents",
        r#"[{"id":7,"score":0.5,"content":"Owls."},{"id":"d","score":1}]"#,
    );
    assert_lines(
        &added(OPENINFERENCE, &search),
        &[
            "input.value=owls",
            "retrieval.documents.0.document.id=7",
            "retrieval.documents.0.document.content=Owls.",
            "retrieval.documents.0.document.score=Double(0.5)",
            "retrieval.documents.1.document.id=d",
            "retrieval.documents.1.document.score=Double(1.0)",
        ],
    );
    assert_lines(
        &added(LANGFUSE, &search),
        &[
            "langfuse.observation.input=owls",
            r#"langfuse.observation.output=[{"id":7,"score":0.5,"content":"Owls."},{"id":"d","score":1}]"#,
        ],
    );
}

#[test]
fn messages_that_were_recorded_are_listed() {
    let input = r#"[
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Rome"}},
                                        {"type": "tool_call", "id": "c2", "name": "time", "arguments": "{}"}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"sky": "blue"}}]},
        {"role": "user", "parts": [{"type": "text", "content": "And this?"},
                                   {"type": "uri", "modality": "image", "uri": "https://example.org/1.png"},
                                   {"type": "uri", "modality": "video", "uri": "https://example.org/1.mp4"}]}]"#;
    let output = r#"[{"role": "assistant", "finish_reason": "stop",
        "parts": [{"type": "reasoning", "content": "hm"}, {"type": "text", "content": "Blue."}]}]"#;
    let shape = operation("chat")
        .with("gen_ai.system_instructions", r#"[{"type": "text", "content": "Be short."}]"#)
        .with("gen_ai.tool.definitions", r#"[{"type":"function","name":"weather"}]"#)
        .with("gen_ai.input.messages", input)
        .with("gen_ai.output.messages", output);
    let lines = added(OPENINFERENCE, &shape);
    let flat: Vec<_> = lines.lines().filter(|line| line.starts_with("llm.")).collect();
    let expected = "\
llm.input_messages.0.message.content=Be short.
llm.input_messages.0.message.role=system
llm.input_messages.1.message.content=Weather?
llm.input_messages.1.message.role=user
llm.input_messages.2.message.role=assistant
llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments={\"city\":\"Rome\"}
llm.input_messages.2.message.tool_calls.0.tool_call.function.name=weather
llm.input_messages.2.message.tool_calls.0.tool_call.id=c1
llm.input_messages.2.message.tool_calls.1.tool_call.function.arguments={}
llm.input_messages.2.message.tool_calls.1.tool_call.function.name=time
llm.input_messages.2.message.tool_calls.1.tool_call.id=c2
llm.input_messages.3.message.content={\"sky\":\"blue\"}
llm.input_messages.3.message.role=tool
llm.input_messages.3.message.tool_call_id=c1
llm.input_messages.4.message.contents.0.message_content.text=And this?
llm.input_messages.4.message.contents.0.message_content.type=text
llm.input_messages.4.message.contents.1.message_content.image.image.url=https://example.org/1.png
llm.input_messages.4.message.contents.1.message_content.type=image
llm.input_messages.4.message.role=user
llm.output_messages.0.message.contents.0.message_content.text=hm
llm.output_messages.0.message.contents.0.message_content.type=reasoning
llm.output_messages.0.message.contents.1.message_content.text=Blue.
llm.output_messages.0.message.contents.1.message_content.type=text
llm.output_messages.0.message.role=assistant
llm.tools.0.tool.json_schema={\"name\":\"weather\",\"type\":\"function\"}";
    assert_eq!(flat.join("\n"), expected);
    assert_lines(&lines, &["input.mime_type=application/json", "output.mime_type=application/json"]);
}

#[test]
fn a_question_and_an_answer_of_plain_text_are_shown_as_that() {
    let message =
        |text: &str| format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{text}"}}]}}]"#);
    let shape = operation("invoke_agent")
        .with("gen_ai.input.messages", &*message("Why?"))
        .with("gen_ai.output.messages", &*message("Because."));
    let expected = "\
input.mime_type=text/plain
input.value=Why?
openinference.span.kind=AGENT
output.mime_type=text/plain
output.value=Because.";
    assert_eq!(added(OPENINFERENCE, &shape), expected);
}

#[test]
fn without_recorded_content_no_profile_adds_any() {
    let content = ["input.", "output.", "messages", "documents", "observation.input", "observation.output"];
    for name in
        ["chat", "embeddings", "retrieval", "rerank", "execute_tool", "invoke_agent", "invoke_workflow"]
    {
        let lines = added(&[Profile::OpenInference, Profile::Langfuse, Profile::Logfire], &operation(name));
        assert!(!content.iter().any(|part| lines.contains(part)), "{lines}");
    }
}

#[test]
fn malformed_content_is_shown_as_text_and_listed_as_far_as_it_has_a_form() {
    for malformed in ["[{\"role\":\"user\",", "null", "7", "{}", "[[[[", &"[".repeat(10_000), "\u{0}"] {
        let shape = ["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"]
            .into_iter()
            .chain(["gen_ai.tool.definitions", "gen_ai.retrieval.documents", "gen_ai.retrieval.query.text"])
            .fold(operation("chat"), |shape, key| shape.with(key, malformed));
        let lines = added(OPENINFERENCE, &shape);
        assert!(lines.contains(&format!("input.value={malformed}")), "{lines}");
        assert!(!lines.contains("llm.input_messages.1") && !lines.contains("llm.output_messages"), "{lines}");
    }
    let partly = r#"[7, {"role": 1, "parts": "x"}, {"role": "user", "parts": [3, {}, {"type": "text"}, {"type": "text", "content": "seen"}]}]"#;
    let lines = added(OPENINFERENCE, &operation("chat").with("gen_ai.input.messages", partly));
    let flat: Vec<_> = lines.lines().filter(|line| line.starts_with("llm.")).collect();
    assert_eq!(flat, ["llm.input_messages.2.message.content=seen", "llm.input_messages.2.message.role=user"]);
}

#[test]
fn what_a_span_says_itself_stays() {
    let shape =
        chat().with("openinference.span.kind", "GUARDRAIL").with("langfuse.observation.type", "guardrail");
    let lines = added(&[Profile::OpenInference, Profile::Langfuse], &shape);
    assert!(!lines.contains("span.kind") && !lines.contains("observation.type"), "{lines}");
}

#[test]
fn texts_are_cut_like_those_of_other_attributes() {
    let long = "ä".repeat(100);
    let input = format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{long}"}}]}}]"#);
    let sent = sent(OPENINFERENCE, 33, &operation("chat").with("gen_ai.input.messages", &*input));
    let cut = Typed::from(&*"ä".repeat(16));
    assert_eq!(sent["input.value"], cut);
    assert_eq!(sent["llm.input_messages.0.message.content"], cut);
    assert_eq!(sent["gen_ai.input.messages"], Typed::from(&*input), "what is there already is not looked at");
}

#[test]
fn langfuse_is_told_when_the_first_chunk_came() {
    let stream = operation("chat").with("gen_ai.response.time_to_first_chunk", Typed::Double(0.250_001));
    let start = "langfuse.observation.completion_start_time=";
    assert_lines(&added(LANGFUSE, &stream), &[&format!("{start}2023-11-14T22:13:20.250001Z")]);
    let retried = stream.clone().with("throughline.llm.attempts", 2);
    assert!(!added(LANGFUSE, &retried).contains(start), "when the last attempt began is not known");
    let once = stream.with("throughline.llm.attempts", 1);
    assert!(added(LANGFUSE, &once).contains(start));
    for odd in [f64::NAN, f64::INFINITY, -1.0] {
        let odd = operation("chat").with("gen_ai.response.time_to_first_chunk", Typed::Double(odd));
        let sent = sent(LANGFUSE, LONG, &odd);
        assert!(sent.contains_key("langfuse.observation.type"));
        assert!(!sent.contains_key("langfuse.observation.completion_start_time"), "{sent:?}");
    }
}

#[test]
fn other_spans_are_handed_on_as_they_are() {
    let shape = child(&ANY).with("http.route", "/ask");
    assert_eq!(added(&[Profile::OpenInference, Profile::Langfuse, Profile::Logfire], &shape), "");
}
