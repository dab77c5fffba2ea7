//! What a request's calls of models, tools and searches add up to on its local root.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use throughline::init::LogFormat;
use throughline::testing::{MemorySink, SpanNode, Trace, capture};
use throughline::{TraceId, llm_span, retrieval_span, tool_span, traced};
use tokio::sync::Barrier;

const REQUESTS: usize = 200;

type Chunks = Pin<Box<dyn Stream<Item = Value> + Send>>;

/// The chunks of an answer of OpenAI, which says at the end what it used.
fn openai(request: usize, call: usize) -> Vec<Value> {
    let id = format!("chatcmpl-{request}-{call}");
    let chunk = |choices: Value, usage: Value| json!({"id": id, "model": "gpt-4o-mini", "choices": choices, "usage": usage});
    let text = || json!([{"index": 0, "delta": {"content": "x"}, "finish_reason": null}]);
    let (input, output) = (1000 + request, 10 + call);
    let usage = json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": request}, "completion_tokens_details": {"reasoning_tokens": call}});
    let mut chunks: Vec<_> = (0..3 + call).map(|_| chunk(text(), Value::Null)).collect();
    chunks.push(chunk(json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]), Value::Null));
    chunks.push(chunk(json!([]), usage));
    chunks
}

/// The events of an answer of Anthropic, which says at the beginning what it read.
fn anthropic(request: usize, call: usize) -> Vec<Value> {
    let id = format!("msg-{request}-{call}");
    let text =
        || json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x"}});
    let mut events = vec![json!({"type": "message_start", "message": {"id": id, "model": "claude-haiku-4-5",
        "usage": {"input_tokens": 500, "cache_read_input_tokens": request, "output_tokens": 1}}})];
    events.extend((0..3).map(|_| text()));
    events.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20 + call}}));
    events
}

#[llm_span(provider = provider, model = model)]
fn chat(
    provider: &'static str,
    model: &'static str,
    chunks: Vec<Value>,
) -> Pin<Box<dyn Stream<Item = Value> + Send>> {
    Box::pin(async_stream::stream! {
        for chunk in chunks {
            tokio::task::yield_now().await;
            yield chunk;
        }
    })
}

fn call(request: usize, call: usize) -> Chunks {
    match call % 2 {
        0 => chat("openai", "gpt-4o-mini", openai(request, call)),
        _ => chat("anthropic", "claude-haiku-4-5", anthropic(request, call)),
    }
}

/// Reads so many chunks of an answer, and lets go of it.
#[traced]
async fn read(chunks: Chunks, most: usize) {
    chunks.take(most).for_each(async |_| tokio::task::yield_now().await).await;
}

#[tool_span]
async fn look_up(pauses: usize) {
    for _ in 0..pauses {
        tokio::task::yield_now().await;
    }
}

#[retrieval_span(data_source = "wiki")]
async fn search(pauses: usize) -> Vec<u32> {
    for _ in 0..pauses {
        tokio::task::yield_now().await;
    }
    vec![1, 2]
}

/// One of the requests, all of which begin their calls at the same time. Returns an answer that nobody has read yet.
#[traced(root)]
async fn request(number: usize, together: Arc<Barrier>) -> Option<Chunks> {
    throughline::set("number", number);
    together.wait().await;
    let mut tasks = Vec::new();
    for answer in 0..=number % 4 {
        // Some readers go away in the middle.
        let most = if (number + answer).is_multiple_of(5) { 2 } else { usize::MAX };
        tasks.push(throughline::spawn(read(call(number, answer), most)));
    }
    for pauses in 0..number % 3 {
        tasks.push(throughline::spawn(look_up(pauses)));
    }
    let searches = join_all((0..number % 2 * 3).map(|pauses| search(pauses + 1)));
    searches.await;
    join_all(tasks).await.into_iter().for_each(|task| task.unwrap());
    number.is_multiple_of(7).then(|| call(number, 8 + number % 2))
}

/// Numbers by the end of their key, and where a key ends so more than once, their sum.
#[derive(Debug, Default)]
struct Sums(BTreeMap<&'static str, f64>);

impl Sums {
    fn add(&mut self, span: &SpanNode<'_>, name: &'static str, key: &str) {
        let value = span
            .attribute(key)
            .map_or(0.0, |value| value.as_double().or(value.as_int().map(|value| value as f64)).unwrap());
        *self.0.entry(name).or_default() += value;
    }

    #[track_caller]
    fn assert_are(&self, other: &Self) {
        assert_eq!(self.0.keys().collect::<Vec<_>>(), other.0.keys().collect::<Vec<_>>());
        for (name, value) in &self.0 {
            assert!((value - other.0[name]).abs() < 1e-9, "{name} of {self:?} and {other:?}");
        }
    }
}

/// The sums that spans say.
fn said<'a>(spans: impl Iterator<Item = SpanNode<'a>>) -> Sums {
    let mut sums = Sums::default();
    for span in spans {
        let names = [
            "calls",
            "input_tokens",
            "output_tokens",
            "cached_tokens",
            "reasoning_tokens",
            "cost",
            "unpriced_calls",
            "tool_calls",
        ];
        names.into_iter().for_each(|name| sums.add(&span, name, &format!("throughline.llm.total.{name}")));
    }
    sums
}

/// The sums of what single calls say.
fn added<'a>(calls: &[SpanNode<'a>], tools: usize) -> Sums {
    let mut sums = Sums::default();
    for span in calls {
        sums.add(span, "input_tokens", "gen_ai.usage.input_tokens");
        sums.add(span, "output_tokens", "gen_ai.usage.output_tokens");
        sums.add(span, "cached_tokens", "gen_ai.usage.cache_read.input_tokens");
        sums.add(span, "reasoning_tokens", "gen_ai.usage.reasoning.output_tokens");
        sums.add(span, "cost", "gen_ai.usage.cost");
    }
    let unpriced = calls.iter().filter(|span| span.attribute("gen_ai.usage.cost").is_none()).count();
    sums.0.extend([
        ("calls", calls.len() as f64),
        ("unpriced_calls", unpriced as f64),
        ("tool_calls", tools as f64),
    ]);
    sums
}

/// The nanoseconds that at least one of the spans covers, up to `end`.
fn covered(spans: &[SpanNode<'_>], end: u64) -> u64 {
    let mut parts: Vec<_> = spans.iter().map(|span| (span.start(), span.end().min(end))).collect();
    parts.sort_unstable();
    let (mut sum, mut upto) = (0, 0);
    for (from, to) in parts {
        sum += to.saturating_sub(from.max(upto));
        upto = upto.max(to);
    }
    sum
}

fn seconds(span: &SpanNode<'_>, key: &str) -> f64 {
    span.attribute(key).map_or(0.0, |value| value.as_double().unwrap())
}

#[test]
fn each_of_two_hundred_concurrent_requests_has_the_sums_of_its_own_calls() {
    let memory = MemorySink::new();
    let guard = throughline::builder().sink(memory.clone()).exporters([]).log_format(LogFormat::Off).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    runtime.block_on(async {
        let together = Arc::new(Barrier::new(REQUESTS));
        let requests = (0..REQUESTS).map(|number| tokio::spawn(request(number, Arc::clone(&together))));
        // All have ended before an answer is read that one of them left.
        let left: Vec<_> = join_all(requests).await.into_iter().map(|request| request.unwrap()).collect();
        for answer in left.into_iter().flatten() {
            answer.for_each(async |_| {}).await;
        }
    });
    assert!(throughline::flush(Duration::from_secs(60)));
    let trace = memory.take();
    drop(guard);

    let mut by_trace = BTreeMap::<TraceId, Vec<SpanNode<'_>>>::new();
    trace.spans().for_each(|span| by_trace.entry(span.trace_id()).or_default().push(span));
    assert_eq!(by_trace.len(), REQUESTS);
    let mut numbers: Vec<_> = by_trace.values().map(|spans| check(spans)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..REQUESTS as i64).collect::<Vec<_>>());
}

/// Holds the spans of one request to each other and to what was asked for; returns its number.
#[track_caller]
fn check(spans: &[SpanNode<'_>]) -> i64 {
    let named =
        |name: &str| spans.iter().filter(|span| span.name().starts_with(name)).copied().collect::<Vec<_>>();
    let (root, calls, tools, searches) =
        (named("request")[0], named("chat "), named("execute_tool"), named("retrieval"));
    let number = root.attribute("number").and_then(|value| value.as_int()).unwrap();

    // Whose ends came after the root's, and the span that says so.
    let (late, inside): (Vec<_>, Vec<_>) = calls.iter().copied().partition(|call| call.end() > root.end());
    let late_totals = named("llm totals");
    assert_eq!(late.len(), usize::from(number % 7 == 0));
    assert_eq!(late_totals.len(), late.len());
    late_totals.iter().for_each(|totals| totals.assert_linked_to(&root));
    assert_eq!(inside.len() as i64, number % 4 + 1);
    assert_eq!((tools.len() as i64, searches.len() as i64), (number % 3, number % 2 * 3));
    said([root].into_iter()).assert_are(&added(&inside, tools.len()));
    said(late_totals.iter().copied()).assert_are(&if late.is_empty() {
        Sums::default()
    } else {
        added(&late, 0)
    });

    // By hand: streams that are read to their end, and those of Anthropic that are not.
    let input: i64 = (0..=number % 4)
        .map(|answer| match (answer % 2, (number + answer) % 5) {
            (0, 0) => 0,
            (0, _) => 1000 + number,
            _ => 500 + number,
        })
        .sum();
    assert_eq!(root.attribute("throughline.llm.total.input_tokens").unwrap(), input);

    let searched = seconds(&root, "throughline.llm.total.retrieval_time");
    let expected = covered(&searches, root.end()) as f64 / 1e9;
    // Ticks become times by a line that each scan of the logs continues a little differently.
    let almost = |seconds: f64| 1e-5 + seconds * 1e-4;
    assert!((searched - expected).abs() < almost(expected), "{searched} s instead of {expected} s");
    // A call is under way a little after its span begins, and up to a little before it ends.
    let modelled = seconds(&root, "throughline.llm.total.model_time");
    let most = covered(&calls, root.end()) as f64 / 1e9;
    assert!(modelled > 0.0 && modelled <= most + almost(most), "{modelled} s of {most} s");
    number
}

#[tool_span]
fn add(one: u32, other: u32) -> u32 {
    one + other
}

#[retrieval_span(data_source = "wiki")]
fn find() -> Vec<u32> {
    throughline::event!("one millisecond");
    vec![add(1, 2)]
}

fn totals(trace: &Trace) -> String {
    let root = trace.root();
    let keys = ["calls", "tool_calls", "model_time", "retrieval_time"];
    let of =
        |name: &&str| Some(format!("{name}={}", root.attribute(&format!("throughline.llm.total.{name}"))?));
    keys.iter().filter_map(of).collect::<Vec<_>>().join(" ")
}

#[test]
fn tools_and_searches_are_counted_without_a_model_too() {
    let trace = capture(|| throughline::span!("root").in_scope(|| (find(), add(3, 4))));
    // From its start on, a search takes six numbers of the clock that counts them: its ID, the event, three of the tool,
    // and its end.
    assert_eq!(totals(&trace), "tool_calls=2 retrieval_time=0.006");
    let search = trace.span("retrieval wiki");
    assert_eq!(search.duration(), 6_000_000);
}

#[test]
fn a_tool_that_is_a_local_root_says_nothing_of_itself() {
    assert_eq!(totals(&capture(|| add(1, 2))), "");
    assert_eq!(totals(&capture(find)), "tool_calls=1");
}

#[test]
fn a_tool_that_ends_after_its_root_is_counted_in_a_span_linked_to_that() {
    let trace = capture(|| {
        static TOOL: throughline::span::Callsite =
            throughline::span::Callsite::new("a tool", module_path!(), file!(), line!(), &[])
                .with_operation(throughline::span::Operation::Tool);
        let root = throughline::span!("root");
        let tool = root.in_scope(|| throughline::Span::new(&TOOL));
        root.end();
        tool.end();
    });
    assert_eq!(totals(&trace), "");
    let late = trace.span("llm totals");
    late.assert_linked_to(&trace.span("root"));
    assert_eq!(late.attribute("throughline.llm.total.tool_calls").unwrap(), 1);
}

#[test]
fn a_tool_that_binds_the_first_log_field_of_its_request_ends_where_it_began() {
    #[tool_span]
    async fn bind() {
        throughline::logs::bind("tool.id", 7);
        tokio::task::yield_now().await;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let trace = capture(|| throughline::span!("root").in_scope(|| runtime.block_on(bind())));
    assert_eq!(totals(&trace), "tool_calls=1");
    assert!(trace.find("llm totals").is_none());
}
