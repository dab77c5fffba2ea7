//! The attributes for language models: names, requests, what is read of the returned value.

mod support;

use std::cell::Cell;
use std::sync::Mutex;

use serde::Serialize;
use support::{check, check_async};
use throughline::llm::Usage;
use throughline::{
    agent_span, embedding_span, llm_span, rerank_span, retrieval_span, tool_span, workflow_span,
};

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

/// What the tests below send.
struct Request {
    model: Option<String>,
    operation: &'static str,
}

#[llm_span(provider = "local", operation = request.operation, model = request.model, prompt_name = "greeting", conversation = 7)]
fn requested(request: &Request) {}

#[llm_span(provider = "local", operation = operation)]
fn without_model(operation: &str) {}

#[llm_span(provider = "local", operation = operation, model = "m3")]
fn of_any_operation(operation: &str) {}

#[test]
fn the_name_of_a_call_is_made_of_what_is_known_when_it_opens() {
    let request =
        |model: Option<&str>| Request { model: model.map(str::to_owned), operation: "generate_content" };
    let spans = support::spans(|| {
        requested(&request(Some("m3")));
        requested(&request(None));
        without_model("text_completion");
        of_any_operation("generate_content");
    });
    let spans: Vec<&str> = spans.lines().collect();
    let known = ["gen_ai.prompt.name=\"greeting\"", "gen_ai.conversation.id=7"];
    assert_all(spans[0], &known);
    assert_all(spans[1], &known);
    let begins = [
        "generate_content m3 Client gen_ai.provider.name=\"local\"",
        "generate_content Client gen_ai.provider.name=\"local\"",
        "text_completion Client gen_ai.provider.name=\"local\"",
        "generate_content m3 Client gen_ai.provider.name=\"local\"",
    ];
    assert_eq!(spans.len(), begins.len(), "{spans:#?}");
    for (span, begin) in spans.into_iter().zip(begins) {
        assert!(span.starts_with(begin), "{span}");
        assert_all(span, &[&format!("gen_ai.operation.name=\"{}\"", begin.split(' ').next().unwrap())]);
        assert_eq!(span.contains("gen_ai.request.model"), begin.contains(" m3 "), "{span}");
    }
}

/// As OpenAI answers to a request for embeddings.
#[derive(Serialize)]
struct Embeddings {
    model: &'static str,
    usage: Counts,
}

struct Embedder {
    model: String,
}

impl Embedder {
    #[embedding_span(provider = "local", model = self.model, dimensions = dimensions, encoding_formats = ["float"],
        conversation_id = "c-1", server_address = "localhost", server_port = 8080)]
    async fn embed(&self, dimensions: Option<u16>) -> Result<Embeddings, String> {
        dimensions.ok_or("no dimensions")?;
        Ok(Embeddings { model: "e-2026", usage: Counts { prompt_tokens: 8, completion_tokens: 0 } })
    }

    #[embedding_span(provider = "local", usage = |vector: &Vec<f32>| Usage { input: vector.len() as u64, ..Usage::default() })]
    fn embed_here(&self) -> Vec<f32> {
        vec![0.5, 0.25]
    }
}

#[test]
fn an_embedding_has_its_request_and_the_tokens_of_its_response() {
    let embedder = Embedder { model: "e1".to_owned() };
    let spans = support::spans_of(async { assert!(embedder.embed(Some(256)).await.is_ok()) });
    assert!(spans.starts_with("embeddings e1 Client "), "{spans}");
    let known = [
        "gen_ai.operation.name=\"embeddings\"",
        "gen_ai.provider.name=\"local\"",
        "gen_ai.request.model=\"e1\"",
        "gen_ai.embeddings.dimension.count=256",
        "gen_ai.request.encoding_formats=[\"float\"]",
        "gen_ai.conversation.id=\"c-1\"",
        "server.address=\"localhost\"",
        "server.port=8080",
        "gen_ai.response.model=\"e-2026\"",
        "gen_ai.usage.input_tokens=8",
    ];
    assert_all(&spans, &known);
    let spans = support::spans_of(async { assert!(embedder.embed(None).await.is_err()) });
    assert!(spans.starts_with("embeddings e1 Client !Error \"no dimensions\""), "{spans}");
    assert!(!spans.contains("gen_ai.embeddings.dimension.count"), "{spans}");
    let spans = support::spans(|| assert_eq!(embedder.embed_here().len(), 2));
    assert!(spans.starts_with("embeddings Client "), "{spans}");
    assert_all(&spans, &["gen_ai.usage.input_tokens=2"]);
}

#[rerank_span(provider = "local", model = "r1", top_k = wanted)]
async fn rerank(wanted: usize, documents: Vec<String>) -> Result<Vec<String>, String> {
    Ok(documents.into_iter().take(wanted).collect())
}

#[test]
fn a_ranking_says_how_many_were_wanted_and_how_many_came() {
    let documents = vec!["a".to_owned()];
    check_async(
        async { assert!(rerank(3, documents).await.is_ok()) },
        &[concat!(
            "rerank r1 Client gen_ai.operation.name=\"rerank\" gen_ai.provider.name=\"local\"",
            " gen_ai.request.model=\"r1\" throughline.rerank.top_k=3 throughline.rerank.returned=1"
        )],
    );
}

#[agent_span]
async fn researcher(question: &str) -> Result<String, String> {
    multiply(1, 2);
    Ok(question.to_owned())
}

#[agent_span(agent = name, id = "a-1", description = "Writes", conversation = conversation, provider = "local", model = "m",
    kind = "client", server_address = "localhost")]
fn remote(name: &str, conversation: Option<&str>) {}

#[agent_span("editor")]
fn edit() {}

#[workflow_span]
async fn nightly() {
    researcher("why?").await.unwrap();
    edit();
}

#[workflow_span(workflow = format!("digest of {day}"), conversation = "c-2")]
fn digest(day: &str) {}

#[tool_span(tool = names[0], conversation = "c-3")]
fn first_tool(names: &[String]) {}

#[test]
fn agents_and_workflows_have_the_name_of_their_function_or_a_given_one() {
    check_async(
        nightly(),
        &[
            "invoke_workflow nightly gen_ai.operation.name=\"invoke_workflow\" gen_ai.workflow.name=\"nightly\" throughline.llm.total.tool_calls=1",
            "  invoke_agent researcher gen_ai.operation.name=\"invoke_agent\" gen_ai.agent.name=\"researcher\"",
            "    execute_tool multiply gen_ai.operation.name=\"execute_tool\" gen_ai.tool.name=\"multiply\" gen_ai.agent.name=\"researcher\" a=1",
            "  invoke_agent editor gen_ai.operation.name=\"invoke_agent\" gen_ai.agent.name=\"editor\"",
        ],
    );
    check(
        || {
            remote("writer", None);
            digest("monday");
            first_tool(&["hammer".to_owned()]);
        },
        &[
            concat!(
                "invoke_agent writer Client gen_ai.operation.name=\"invoke_agent\" gen_ai.agent.id=\"a-1\"",
                " gen_ai.agent.description=\"Writes\" gen_ai.provider.name=\"local\" gen_ai.request.model=\"m\"",
                " server.address=\"localhost\" gen_ai.agent.name=\"writer\""
            ),
            concat!(
                "invoke_workflow digest of monday gen_ai.operation.name=\"invoke_workflow\"",
                " gen_ai.conversation.id=\"c-2\" gen_ai.workflow.name=\"digest of monday\""
            ),
            concat!(
                "execute_tool hammer gen_ai.operation.name=\"execute_tool\" gen_ai.conversation.id=\"c-3\"",
                " gen_ai.tool.name=\"hammer\""
            ),
        ],
    );
}

/// Says so when it is asked for.
fn evaluated(asked: &Cell<bool>) -> &'static str {
    asked.set(true);
    "words"
}

#[retrieval_span(capture(query = evaluated(asked), documents))]
fn quiet_search(asked: &Cell<bool>) -> Vec<String> {
    Vec::new()
}

#[test]
fn content_that_nobody_asks_for_is_not_evaluated() {
    let asked = Cell::new(false);
    check(
        || drop(quiet_search(&asked)),
        &["retrieval Client gen_ai.operation.name=\"retrieval\" throughline.retrieval.returned=0"],
    );
    assert!(!asked.get());
}

/// What is locked while one of its names is asked for.
struct Settings(Mutex<[String; 2]>);

impl Settings {
    #[rerank_span(
        model = format!("{prefix}-{}", 2).as_str(),
        provider = self.0.lock().unwrap()[0].clone(),
        server_address = self.0.lock().unwrap()[1].trim(),
        top_k = [1_u8, 2].iter().copied().max(),
        server_port = %format!("{}", 80).as_str()
    )]
    fn of_temporaries(&self, prefix: &str) {}
}

#[test]
fn a_value_may_borrow_from_what_its_expression_makes() {
    let settings = Settings(Mutex::new(["local".to_owned(), " here ".to_owned()]));
    check(
        || settings.of_temporaries("r"),
        &[concat!(
            "rerank r-2 Client gen_ai.operation.name=\"rerank\" gen_ai.request.model=\"r-2\"",
            " gen_ai.provider.name=\"local\" server.address=\"here\" throughline.rerank.top_k=2",
            " server.port=\"80\""
        )],
    );
}
