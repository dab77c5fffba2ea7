//! The traces of the `rag` example, as an OTLP receiver got them, beside what its model saw on the wire.

use std::sync::OnceLock;

use genai_prices::{Calculator, PriceRequest, Usage, UsageKey};
use opentelemetry_proto::tonic::trace::v1::Span;
use throughline_tests::otlp::hex;
use throughline_tests::rag::received::{attribute, double, int, text};
use throughline_tests::rag::{Exchange, Finished, Program, Received};
use throughline_tests::receiver::Receiver;

/// What the model was told to wait before its first token.
const DELAY_MS: u32 = 120;

const PLAIN: &str = "\
POST /ask (server)
  answer (internal)
    retrieval rust-book (client)
    chat gpt-4o-mini (client)
      llm attempt (client)
  record_feedback (internal)
";

const RETRIED: &str = "\
POST /ask (server)
  answer (internal)
    retrieval rust-book (client)
    chat gpt-4o-mini (client)
      llm attempt (client) error=async_openai::error::OpenAIError
      llm attempt (client)
  record_feedback (internal)
";

const WITH_TOOL: &str = "\
POST /ask (server)
  answer (internal)
    retrieval rust-book (client)
    chat gpt-4o-mini (client)
      llm attempt (client)
    execute_tool count_words (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
  record_feedback (internal)
";

/// One run over the questions that ship with the example; all tests look at the same.
struct Run {
    finished: Finished,
    received: Received,
    exchanges: Vec<Exchange>,
}

fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let log = std::env::temp_dir().join(format!("throughline-rag-traces-{}.jsonl", std::process::id()));
        let receiver = Receiver::answering([]);
        let delay = DELAY_MS.to_string();
        let args = ["--wire-log", log.to_str().expect("text"), "--first-token-delay", &delay];
        let finished = Program::new(&args).otlp(&receiver.endpoint()).run().success();
        let exchanges = Exchange::read(&log);
        std::fs::remove_file(&log).expect("the wire log is there");
        Run { finished, received: Received::by(&receiver), exchanges }
    })
}

impl Run {
    /// The roots in the order in which the questions were asked.
    fn roots(&self) -> Vec<&Span> {
        let printed = self.finished.stdout.lines().filter_map(|line| line.trim().strip_prefix("request "));
        printed.map(|id| self.received.root_of(id)).collect()
    }

    /// The model calls and the exchanges with an answer that belong to them: both in the order of time.
    fn calls(&self) -> Vec<(&Span, &Exchange)> {
        let calls =
            self.received.spans().iter().filter(|span| text(span, "gen_ai.operation.name") == Some("chat"));
        let answered = self.exchanges.iter().filter(|exchange| exchange.status == 200);
        let pairs: Vec<_> = calls.zip(answered).collect();
        assert_eq!(pairs.len(), 6);
        pairs
    }
}

#[test]
fn every_question_has_exactly_the_tree_that_it_caused() {
    let run = run();
    let trees: Vec<String> = run.roots().iter().map(|root| run.received.tree(root)).collect();
    assert_eq!(trees, [PLAIN, RETRIED, WITH_TOOL, PLAIN, PLAIN], "{}", run.received.forest());
    assert_eq!(
        run.received.roots().len(),
        5,
        "nothing is outside of the questions: {}",
        run.received.forest()
    );
}

#[test]
fn the_model_was_asked_exactly_as_often_as_the_spans_say() {
    let run = run();
    let attempts = run.received.spans().iter().filter(|span| span.name == "llm attempt");
    let attempts: Vec<bool> = attempts.map(|span| text(span, "error.type").is_none()).collect();
    let answered: Vec<bool> = run.exchanges.iter().map(|exchange| exchange.status == 200).collect();
    assert_eq!(attempts, answered, "by time, and the failed attempt is the one that was turned away");
    let said = run.calls().iter().filter_map(|(call, _)| int(call, "throughline.llm.attempts")).sum::<i64>();
    assert_eq!(said, i64::try_from(run.exchanges.len()).expect("a few"));
    let summary = format!("{}, 1 of them turned away", run.exchanges.len());
    assert!(run.finished.stdout.contains(&summary), "{}", run.finished.stdout);
}

#[test]
fn the_retried_call_tells_its_attempts_apart() {
    let run = run();
    let root = run.roots()[1];
    let call = run.received.named(root, "chat gpt-4o-mini")[0];
    assert_eq!(int(call, "throughline.llm.attempts"), Some(2));
    let attempts: Vec<&Span> = run.received.children(call).collect();
    assert_eq!(
        attempts.iter().map(|span| int(span, "throughline.llm.attempt.number")).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    let message = &attempts[0].status.as_ref().expect("a status").message;
    assert!(message.starts_with("429 Too Many Requests"), "{message}");
    let wait = double(attempts[1], "throughline.llm.attempt.wait").expect("a wait");
    assert!(wait >= 0.02, "the example pauses 20 ms: {wait}");
}

#[test]
fn tokens_are_those_of_a_tokenizer_over_the_bytes_of_the_wire() {
    for (call, exchange) in run().calls() {
        assert_eq!(int(call, "gen_ai.usage.input_tokens"), Some(exchange.prompt_tokens()));
        assert_eq!(int(call, "gen_ai.usage.output_tokens"), Some(exchange.completion_tokens()));
    }
}

#[test]
fn costs_are_those_of_the_price_list_asked_directly() {
    for (call, exchange) in run().calls() {
        let expected = cost(exchange);
        let recorded = double(call, "gen_ai.usage.cost").expect("a cost");
        assert!((recorded - expected).abs() < 1e-12, "{recorded} is not {expected}");
    }
}

fn cost(exchange: &Exchange) -> f64 {
    let usage: Usage = [
        (UsageKey::INPUT_TOKENS, exchange.prompt_tokens() as f64),
        (UsageKey::OUTPUT_TOKENS, exchange.completion_tokens() as f64),
    ]
    .into_iter()
    .collect();
    let request = PriceRequest::new("gpt-4o-mini", &usage).with_provider_id("openai");
    Calculator::bundled().calculate(&request).expect("a price").total_price
}

#[test]
fn the_first_token_came_no_earlier_than_the_delay() {
    let mut rest = 0.0;
    let mut paced = 0.0;
    for (call, exchange) in run().calls() {
        let seconds = double(call, "gen_ai.response.time_to_first_chunk").expect("a time");
        assert!(seconds >= f64::from(DELAY_MS) / 1000.0, "{seconds}");
        let took = (call.end_time_unix_nano - call.start_time_unix_nano) as f64 / 1e9;
        assert!(seconds <= took, "{seconds} of {took}");
        rest += took - seconds;
        paced += (exchange.chunks().len() - 1) as f64 / 1000.0;
        assert_eq!(int(call, "throughline.llm.chunks"), i64::try_from(exchange.chunks().len()).ok());
    }
    // The model pauses a millisecond before each further chunk, of which a busy machine may find several at once.
    assert!(rest >= paced / 2.0, "{rest} s after the first of {paced} s of pauses");
}

#[test]
fn the_root_has_the_sums_of_its_model_calls() {
    let run = run();
    let mut calls = run.calls().into_iter();
    for (root, expected) in run.roots().into_iter().zip([1, 1, 2, 1, 1]) {
        let mine: Vec<&Exchange> = calls.by_ref().take(expected).map(|(_, exchange)| exchange).collect();
        let sum = |of: fn(&Exchange) -> i64| Some(mine.iter().map(|exchange| of(exchange)).sum::<i64>());
        assert_eq!(int(root, "throughline.llm.total.calls"), i64::try_from(expected).ok());
        assert_eq!(int(root, "throughline.llm.total.input_tokens"), sum(Exchange::prompt_tokens));
        assert_eq!(int(root, "throughline.llm.total.output_tokens"), sum(Exchange::completion_tokens));
        let cost: f64 = mine.iter().map(|exchange| cost(exchange)).sum();
        let recorded = double(root, "throughline.llm.total.cost").expect("a cost");
        assert!((recorded - cost).abs() < 1e-12, "{recorded} is not {cost}");
        assert!(attribute(root, "gen_ai.usage.input_tokens").is_none(), "totals go under keys of our own");
    }
}

#[test]
fn spans_say_what_they_searched_called_and_answered() {
    let run = run();
    let root = run.roots()[2];
    let retrieval = run.received.named(root, "retrieval rust-book")[0];
    assert_eq!(text(retrieval, "gen_ai.operation.name"), Some("retrieval"));
    assert_eq!(text(retrieval, "gen_ai.data_source.id"), Some("rust-book"));
    assert_eq!(int(retrieval, "gen_ai.retrieval.top_k"), Some(4));
    let tool = run.received.named(root, "execute_tool count_words")[0];
    assert_eq!(text(tool, "gen_ai.tool.name"), Some("count_words"));
    let calls = run.received.named(root, "chat gpt-4o-mini");
    assert_eq!(calls.iter().map(|call| finish_reason(call)).collect::<Vec<_>>(), ["tool_calls", "stop"]);
    assert_eq!(int(root, "http.response.status_code"), Some(200));
    assert_eq!(text(root, "http.route"), Some("/ask"));
    for (span, function) in [
        (retrieval, "rag::service::answer::Answerer::retrieve"),
        (tool, "rag::service::tools::count_words"),
        (calls[0], "rag::service::chat::Chat::complete"),
    ] {
        assert_eq!(text(span, "code.function.name"), Some(function));
    }
    let words =
        include_str!("../../examples/rag/documents/ch04-02-references-and-borrowing.md").split_whitespace();
    assert!(run.finished.stdout.contains(&format!("words {}.", words.count())), "the tool really counts");
}

fn finish_reason(call: &Span) -> String {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let Some(Value::ArrayValue(reasons)) = attribute(call, "gen_ai.response.finish_reasons") else {
        panic!("no reasons")
    };
    let [reason] = &reasons.values[..] else { panic!("not one reason") };
    match &reason.value {
        Some(Value::StringValue(reason)) => reason.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_waterfall_is_printed_for_every_question() {
    let stdout = &run().finished.stdout;
    assert_eq!(stdout.matches("● POST /ask").count(), 5, "{stdout}");
    for shown in [
        "chat gpt-4o-mini",
        "execute_tool count_words",
        "llm attempt #2",
        "record_feedback",
        "first token",
        "$0.0",
    ] {
        assert!(stdout.contains(shown), "{shown} is missing in\n{stdout}");
    }
}

#[test]
fn the_log_lines_of_an_answer_carry_its_request_and_its_trace() {
    let run = run();
    for root in run.roots() {
        let id = text(root, "request.id").expect("an ID");
        let trace = hex(&root.trace_id);
        let lines = run.finished.json_lines();
        let mine: Vec<_> = lines.iter().filter(|line| line["request_id"] == id).collect();
        let messages: Vec<&str> = mine.iter().filter_map(|line| line["message"].as_str()).collect();
        for expected in ["retrieved", "request", "feedback recorded"] {
            assert!(messages.contains(&expected), "{expected} is missing in {messages:?}");
        }
        assert!(mine.iter().all(|line| line["trace_id"] == trace.as_str()), "{mine:?}");
    }
}
