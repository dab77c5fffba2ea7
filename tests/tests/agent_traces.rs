//! The traces of the `agent` example, as an OTLP receiver got them, beside what its model saw on the wire.

use std::sync::OnceLock;

use genai_prices::{Calculator, PriceRequest, Usage, UsageKey};
use opentelemetry_proto::tonic::trace::v1::Span;
use throughline_tests::rag::received::{attribute, double, int, line, text, texts};
use throughline_tests::rag::{Exchange, Finished, Program, Received};
use throughline_tests::receiver::Receiver;

const INDEX: &str = "\
index (internal)
  embeddings text-embedding-3-small (client)
    POST (client)
";

/// Two researchers; what the planner makes of their findings breaks off and is asked for again.
const BROKEN: &str = "\
invoke_workflow answer (internal)
  invoke_agent planner (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
RESEARCH
RESEARCH
    chat gpt-4o-mini (client)
      llm attempt (client) error=async_openai::error::OpenAIError
        POST (client)
      llm attempt (client)
        POST (client)
";

/// No researcher, two tools one after the other.
const WITH_TOOLS: &str = "\
invoke_workflow answer (internal)
  invoke_agent planner (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
    execute_tool read_chapter (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
    execute_tool calculate (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
";

/// Three researchers, of which one is turned away at first.
const LIMITED: &str = "\
invoke_workflow answer (internal)
  invoke_agent planner (internal)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
RESEARCH
RESEARCH
    execute_tool research (internal)
      invoke_agent researcher (internal)
        chat gpt-4o-mini (client)
          llm attempt (client) error=429
            POST (client) error=429
          llm attempt (client)
            POST (client)
        execute_tool search (internal)
          retrieval rust-book (client)
            embeddings text-embedding-3-small (client)
              POST (client)
          rerank rerank-v3.5 (client)
            POST (client)
        chat gpt-4o-mini (client)
          llm attempt (client)
            POST (client)
    chat gpt-4o-mini (client)
      llm attempt (client)
        POST (client)
";

/// What a researcher does where nothing goes wrong.
const RESEARCH: &str = "    \
    execute_tool research (internal)
      invoke_agent researcher (internal)
        chat gpt-4o-mini (client)
          llm attempt (client)
            POST (client)
        execute_tool search (internal)
          retrieval rust-book (client)
            embeddings text-embedding-3-small (client)
              POST (client)
          rerank rerank-v3.5 (client)
            POST (client)
        chat gpt-4o-mini (client)
          llm attempt (client)
            POST (client)
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
        let log = std::env::temp_dir().join(format!("throughline-agent-traces-{}.jsonl", std::process::id()));
        let receiver = Receiver::answering([]);
        let args = ["--wire-log", log.to_str().expect("text"), "--first-token-delay", "20"];
        let program = Program::example_with("agent", &args).otlp(&receiver.endpoint());
        let finished = program.run().success();
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

    /// The spans of a trace of this operation.
    fn operations<'a>(&'a self, root: &'a Span, operation: &'a str) -> Vec<&'a Span> {
        let is_it = |span: &&Span| {
            span.trace_id == root.trace_id && text(span, "gen_ai.operation.name") == Some(operation)
        };
        self.received.spans().iter().filter(is_it).collect()
    }

    /// The calls of models of a trace.
    fn calls<'a>(&'a self, root: &'a Span) -> Vec<&'a Span> {
        [self.operations(root, "chat"), self.operations(root, "embeddings")].concat()
    }

    /// A span with what is under it. What researchers do at the same time is sorted.
    fn tree(&self, span: &Span, depth: usize) -> String {
        let mut children: Vec<(&str, String)> = self
            .received
            .children(span)
            .map(|child| (child.name.as_str(), self.tree(child, depth + 1)))
            .collect();
        for parallel in children.chunk_by_mut(|a, b| a.0 == "execute_tool research" && a.0 == b.0) {
            // The one that is turned away has the longest tree.
            parallel.sort_by_key(|(_, tree)| tree.len());
        }
        let children: String = children.into_iter().map(|(_, tree)| tree).collect();
        format!("{:1$}{2}\n{children}", "", depth * 2, line(span))
    }

    /// The only call of the trace that took two attempts, with these.
    fn retried<'a>(&'a self, root: &'a Span) -> (&'a Span, Vec<&'a Span>) {
        let mut retried = self
            .operations(root, "chat")
            .into_iter()
            .filter(|call| int(call, "throughline.llm.attempts") == Some(2));
        let call = retried.next().expect("a call with two attempts");
        assert!(retried.next().is_none(), "only one");
        (call, self.received.children(call).collect())
    }
}

fn price(input: i64, output: i64) -> f64 {
    let usage: Usage = [(UsageKey::INPUT_TOKENS, input as f64), (UsageKey::OUTPUT_TOKENS, output as f64)]
        .into_iter()
        .collect();
    let request = PriceRequest::new("gpt-4o-mini", &usage).with_provider_id("openai");
    Calculator::bundled().calculate(&request).expect("a price").total_price
}

fn tokens(call: &Span) -> (i64, i64) {
    let count = |key| int(call, key).unwrap_or_default();
    (count("gen_ai.usage.input_tokens"), count("gen_ai.usage.output_tokens"))
}

#[test]
fn every_question_has_exactly_the_tree_of_its_agents_models_and_tools() {
    let run = run();
    let roots = run.roots();
    let expected = [BROKEN, WITH_TOOLS, LIMITED].map(|tree| tree.replace("RESEARCH\n", RESEARCH));
    let trees: Vec<String> = roots.iter().map(|root| run.tree(root, 0)).collect();
    assert_eq!(trees, expected, "{}", run.received.forest());
    let others: Vec<&Span> = run.received.roots().into_iter().filter(|root| !roots.contains(root)).collect();
    assert_eq!(others.iter().map(|root| run.tree(root, 0)).collect::<Vec<_>>(), [INDEX]);
}

#[test]
fn researchers_work_at_the_same_time() {
    let run = run();
    for (root, expected) in run.roots().into_iter().zip([2, 0, 3]) {
        let researchers = run.received.named(root, "invoke_agent researcher");
        assert_eq!(researchers.len(), expected);
        let last_start = researchers.iter().map(|span| span.start_time_unix_nano).max();
        let first_end = researchers.iter().map(|span| span.end_time_unix_nano).min();
        assert!(expected == 0 || last_start < first_end, "{researchers:?}");
    }
}

#[test]
fn the_root_has_the_sums_of_the_calls_of_all_agents() {
    let run = run();
    for (root, unknown) in run.roots().into_iter().zip([1, 0, 0]) {
        let total = |key: &str| int(root, &format!("throughline.llm.total.{key}")).unwrap_or_default();
        let calls = run.calls(root);
        let counts: Vec<(i64, i64)> = calls.iter().map(|call| tokens(call)).collect();
        assert_eq!(total("calls"), i64::try_from(calls.len()).expect("a few"));
        assert_eq!(total("input_tokens"), counts.iter().map(|(input, _)| input).sum::<i64>());
        assert_eq!(total("output_tokens"), counts.iter().map(|(_, output)| output).sum::<i64>());
        let tools = run.operations(root, "execute_tool").len();
        assert_eq!(total("tool_calls"), i64::try_from(tools).expect("a few"));
        assert_eq!(total("unpriced_calls"), unknown, "what a broken stream used");

        // Of the call that broke off, the part that is known is that of the answer.
        let cost = |call: &&Span| {
            let (input, output) = tokens(call);
            double(call, "gen_ai.usage.cost").unwrap_or_else(|| price(input, output))
        };
        let expected: f64 = calls.iter().map(cost).sum();
        let recorded = double(root, "throughline.llm.total.cost").expect("a cost");
        assert!((recorded - expected).abs() < 1e-12, "{recorded} is not {expected}");
    }
}

#[test]
fn calls_cost_what_the_price_list_says_for_the_tokens_on_the_wire() {
    let run = run();
    let roots = run.roots();
    let calls: Vec<&Span> = roots.iter().flat_map(|root| run.operations(root, "chat")).collect();
    let mut recorded: Vec<(i64, i64)> = calls.iter().map(|call| tokens(call)).collect();
    let answered = run.exchanges.iter().filter(|exchange| exchange.path == "chat" && exchange.is_whole());
    let mut sent: Vec<(i64, i64)> =
        answered.map(|exchange| (exchange.prompt_tokens(), exchange.completion_tokens())).collect();
    // What is asked at the same time comes in any order.
    recorded.sort_unstable();
    sent.sort_unstable();
    assert_eq!(recorded, sent);

    let unknown = calls.iter().filter(|call| double(call, "gen_ai.usage.cost").is_none()).count();
    assert_eq!((calls.len(), unknown), (17, 1), "only the call that broke off has no known cost");
    for call in calls {
        let (input, output) = tokens(call);
        let Some(cost) = double(call, "gen_ai.usage.cost") else { continue };
        assert!((cost - price(input, output)).abs() < 1e-12, "{cost}");
    }
}

#[test]
fn an_answer_that_broke_off_failed_its_attempt_and_was_asked_for_again() {
    let run = run();
    let (call, attempts) = run.retried(run.roots()[0]);
    assert_eq!(texts(attempts[0], "gen_ai.response.finish_reasons"), ["error"]);
    assert_eq!(text(attempts[0], "error.type"), Some("async_openai::error::OpenAIError"));
    let message = &attempts[0].status.as_ref().expect("a status").message;
    assert!(message.starts_with("stream failed: "), "{message}");
    assert_eq!(text(attempts[1], "error.type"), None);

    assert_eq!(texts(call, "gen_ai.response.finish_reasons"), ["stop"]);
    assert_eq!(texts(call, "throughline.llm.attempt.errors"), ["async_openai::error::OpenAIError"]);
    assert_eq!(text(call, "error.type"), None, "the call itself was answered");
    let cut_off = run.exchanges.iter().filter(|exchange| exchange.status == 200 && exchange.path == "chat");
    assert_eq!(cut_off.filter(|exchange| !exchange.is_whole()).count(), 1);
}

#[test]
fn a_call_that_was_turned_away_waited_as_long_as_it_was_told() {
    let run = run();
    let root = run.roots()[2];
    let (call, attempts) = run.retried(root);
    assert_eq!(text(attempts[0], "error.type"), Some("429"));
    assert_eq!(double(attempts[0], "throughline.llm.attempt.retry_after"), Some(1.0));
    let wait = double(attempts[1], "throughline.llm.attempt.wait").expect("a wait");
    assert!(wait >= 1.0, "{wait}");
    assert_eq!(texts(call, "throughline.llm.attempt.errors"), ["429"]);
    assert_eq!(texts(call, "gen_ai.response.finish_reasons"), ["tool_calls"]);
    let turned_away = run.exchanges.iter().filter(|exchange| exchange.status == 429).count();
    assert_eq!(turned_away, 1);
}

#[test]
fn spans_say_who_searched_what_and_how() {
    let run = run();
    let root = run.roots()[0];
    assert_eq!(text(root, "gen_ai.workflow.name"), Some("answer"));
    let planner = run.received.named(root, "invoke_agent planner")[0];
    assert_eq!(text(planner, "gen_ai.agent.name"), Some("planner"));
    for span in [root, planner] {
        assert_eq!(text(span, "gen_ai.conversation.id"), Some("demo"));
    }
    let retrieval = run.received.named(root, "retrieval rust-book")[0];
    assert_eq!(int(retrieval, "gen_ai.retrieval.top_k"), Some(20));
    assert_eq!(int(retrieval, "throughline.retrieval.returned"), Some(20));
    let rerank = run.received.named(root, "rerank rerank-v3.5")[0];
    assert_eq!(int(rerank, "throughline.rerank.returned"), Some(4));
    let embeddings = run.received.named(root, "embeddings text-embedding-3-small")[0];
    assert_eq!(int(embeddings, "gen_ai.embeddings.dimension.count"), Some(256));
    // What the model called is what was run.
    let ids = |spans: Vec<&Span>| -> Vec<String> {
        spans.iter().filter_map(|span| text(span, "gen_ai.tool.call.id")).map(str::to_owned).collect()
    };
    let first = run.operations(root, "chat")[0];
    let mut run_ids = ids(run.received.named(root, "execute_tool research"));
    run_ids.sort_unstable();
    assert_eq!(texts(first, "throughline.llm.tool_call.ids"), run_ids);
}

#[test]
fn the_program_prints_the_waterfalls_and_a_table_of_what_the_questions_took() {
    let run = run();
    let stdout = &run.finished.stdout;
    assert_eq!(stdout.matches("● invoke_workflow answer").count(), 3, "{stdout}");
    let words: usize = include_str!("../../examples/rag/documents/ch04-02-references-and-borrowing.md")
        .split_whitespace()
        .count();
    let minutes = words as f64 / 200.0;
    assert!(
        stdout.contains(&format!("\"{words} / 200\", value {minutes}.")),
        "the tools really count: {stdout}"
    );
    let (_, table) = stdout.split_once("\nquestion ").expect("a table");
    let rows: Vec<&str> = table.lines().skip(1).take(3).collect();
    for (row, root) in rows.into_iter().zip(run.roots()) {
        let total =
            |key: &str| int(root, &format!("throughline.llm.total.{key}")).expect("a total").to_string();
        let cost = double(root, "throughline.llm.total.cost").expect("a cost");
        let columns: Vec<&str> = row.split_whitespace().rev().take(5).collect();
        let expected = ["output_tokens", "input_tokens", "tool_calls", "calls"].map(total);
        assert_eq!(columns[0].trim_start_matches('>'), format!("${cost:.6}"), "{row}");
        assert_eq!(columns[1..], expected, "{row}");
    }
}

#[test]
fn requests_that_are_filtered_out_leave_nothing_on_the_spans_around_them() {
    let receiver = Receiver::answering([]);
    let args = ["--first-token-delay", "0", "how do threads share state"];
    let program = Program::example_with("agent", &args).otlp(&receiver.endpoint());
    program.env("THROUGHLINE_FILTER", "info,throughline::http=off").run().success();
    let received = Received::by(&receiver);
    let with_status: Vec<&Span> = received
        .spans()
        .iter()
        .filter(|span| attribute(span, "http.response.status_code").is_some())
        .collect();
    assert!(with_status.is_empty(), "{with_status:?}");
    let turned_away = received.spans().iter().filter(|span| text(span, "error.type") == Some("429"));
    let names: Vec<&str> = turned_away.map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["llm attempt"], "which has it from the response all the same");
}

#[test]
fn what_was_said_and_found_goes_along_where_it_is_asked_for_and_only_there() {
    const CONTENT: [(&str, &[&str]); 5] = [
        ("chat", &["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.definitions"]),
        ("invoke_agent", &["gen_ai.input.messages", "gen_ai.output.messages"]),
        ("invoke_workflow", &["gen_ai.input.messages"]),
        ("execute_tool", &["gen_ai.tool.call.arguments", "gen_ai.tool.call.result"]),
        ("retrieval", &["gen_ai.retrieval.query.text", "gen_ai.retrieval.documents"]),
    ];
    let question = "how do threads share state";
    let with_content = |asked: &str| {
        let receiver = Receiver::answering([]);
        let args = ["--first-token-delay", "0", question];
        let program = Program::example_with("agent", &args).otlp(&receiver.endpoint());
        program.env("THROUGHLINE_CAPTURE_CONTENT", asked).run().success();
        let received = Received::by(&receiver);
        let mut seen = Vec::new();
        for (operation, keys) in CONTENT {
            let is_it = |span: &&Span| text(span, "gen_ai.operation.name") == Some(operation);
            let spans: Vec<&Span> = received.spans().iter().filter(is_it).collect();
            assert!(!spans.is_empty(), "{operation}");
            let all = keys.iter().flat_map(|key| spans.iter().map(move |span| (*key, text(span, key))));
            seen.extend(all.map(|(key, value)| (operation, key, value.map(str::to_owned))));
        }
        seen
    };
    for (operation, key, value) in with_content("on") {
        let value = value.unwrap_or_else(|| panic!("no {key} on {operation}"));
        if key == "gen_ai.input.messages" && operation == "invoke_workflow" {
            let part = format!(r#"{{"type":"text","content":"{question}"}}"#);
            assert_eq!(value, format!(r#"[{{"role":"user","parts":[{part}]}}]"#));
        }
    }
    for (operation, key, value) in with_content("off") {
        assert_eq!(value, None, "{key} on {operation}");
    }
}

#[test]
fn arguments_that_make_no_sense_end_with_status_2_and_a_sentence() {
    let run = Program::example_with("agent", &["--prot"]).run();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(run.stderr, "agent: invalid option '--prot'\nTry `agent --help`.\n");
}
