//! Streams of annotated functions: in every shape they are returned in, and every way they are read or left.

mod llm;

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::future::{Either, select};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use llm::{Trace, root};
use serde::Serialize;
use serde_json::{Value, json};
use throughline::llm::{attempt, observe, record_chunk, try_observe};
use throughline::llm_span;
use throughline::span::Outcome;

type Item = Result<Value, std::io::Error>;

fn choice(id: &str, delta: Value, finish: Value) -> Value {
    json!({"id": id, "model": "gpt-4o-mini", "choices": [{"delta": delta, "finish_reason": finish}]})
}

fn text(id: &str) -> Value {
    choice(id, json!({"content": "Hi"}), Value::Null)
}

fn finish(id: &str) -> Value {
    choice(id, json!({}), json!("stop"))
}

/// What was used so far, as Anthropic and Gemini say it again and again.
fn usage(id: &str, input: u64, output: u64) -> Value {
    json!({"id": id, "model": "gpt-4o-mini", "choices": [],
        "usage": {"prompt_tokens": input, "completion_tokens": output}})
}

fn whole() -> Vec<Item> {
    vec![Ok(text("c")), Ok(text("c")), Ok(finish("c")), Ok(usage("c", 7, 3))]
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn trace(code: impl Future) -> Trace {
    llm::trace(|| {
        root(|| {
            block_on(code);
        })
    })
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn returned(items: Vec<Item>) -> impl Stream<Item = Item> {
    stream::iter(items)
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn in_a_result(items: Vec<Item>) -> Result<impl Stream<Item = Item>, String> {
    Ok(stream::iter(items))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn in_a_box(items: Vec<Item>) -> Pin<Box<dyn Stream<Item = Item> + Send>> {
    Box::pin(stream::iter(items))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn in_a_box_in_a_result(items: Vec<Item>) -> Result<BoxStream<'static, Item>, std::io::Error> {
    Ok(stream::iter(items).boxed())
}

const CALL: &str = "chat gpt-4o-mini";

/// What the whole stream leaves on its span.
#[track_caller]
fn assert_whole(trace: &Trace, name: &str) {
    let span = trace.span(name);
    for (key, value) in [
        ("gen_ai.response.finish_reasons", "[stop]"),
        ("gen_ai.usage.input_tokens", "7"),
        ("gen_ai.usage.output_tokens", "3"),
        ("throughline.llm.chunks", "4"),
    ] {
        assert_eq!(span.get(key), value, "{key}");
    }
    assert_eq!(span.outcome, Outcome::Ok);
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "7");
}

#[test]
fn a_stream_has_the_span_of_its_call_in_every_shape() {
    for trace in [
        trace(async { assert_eq!(returned(whole()).count().await, 4) }),
        trace(async { assert_eq!(in_a_result(whole()).await.unwrap().count().await, 4) }),
        trace(async { assert_eq!(in_a_box(whole()).count().await, 4) }),
        trace(async { assert_eq!(in_a_box_in_a_result(whole()).await.unwrap().count().await, 4) }),
    ] {
        assert_whole(&trace, CALL);
        assert_eq!(trace.len(), 2);
    }
}

/// As a client crate names its stream: what is in it cannot be seen in the signature.
type ResponseStream = Pin<Box<dyn Stream<Item = Item> + Send>>;

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn by_another_name(items: Vec<Item>) -> Result<ResponseStream, String> {
    Ok(Box::pin(observe(stream::iter(items))))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn in_a_tuple(items: Vec<Item>) -> (u16, BoxStream<'static, Item>) {
    (200, observe(stream::iter(items)).boxed())
}

#[test]
fn a_stream_that_the_signature_does_not_show_is_observed_and_has_a_span_of_its_own() {
    for trace in [
        trace(async { assert_eq!(by_another_name(whole()).unwrap().count().await, 4) }),
        trace(async { assert_eq!(in_a_tuple(whole()).await.1.count().await, 4) }),
    ] {
        assert_whole(&trace, "llm stream");
        assert_eq!(trace.span("llm stream").parent, Some(trace.span(CALL).id));
        assert_eq!(trace.len(), 3);
    }
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn collected(items: Vec<Item>) -> Result<usize, std::io::Error> {
    let chunks: Vec<_> = observe(stream::iter(items)).collect().await;
    Ok(chunks.len())
}

#[test]
fn a_stream_that_is_collected_inside_of_its_function_is_part_of_its_span() {
    let trace = trace(async { assert_eq!(collected(whole()).await.unwrap(), 4) });
    assert_whole(&trace, CALL);
    assert_eq!(trace.len(), 2);
}

#[test]
fn a_stream_that_ends_without_a_finish_reason_has_none_and_is_no_failure() {
    let trace = trace(async { assert_eq!(returned(vec![Ok(text("c"))]).count().await, 1) });
    assert_eq!(trace.span(CALL).outcome, Outcome::Ok);
    assert_eq!(trace.span(CALL).get("gen_ai.response.finish_reasons"), "");
    assert_eq!(trace.span(CALL).get("throughline.llm.chunks"), "1");
}

#[test]
fn a_stream_that_is_never_polled_is_cancelled() {
    let trace = trace(async { drop(returned(whole())) });
    assert_eq!(trace.span(CALL).outcome, Outcome::Cancelled);
    assert_eq!(trace.span(CALL).lines(&["gen_ai.response", "gen_ai.usage", "throughline"]), "");
}

#[test]
fn a_stream_that_is_polled_after_its_end_says_nothing_more() {
    let trace = trace(async {
        let mut stream = Box::pin(returned(whole()));
        while stream.next().await.is_some() {}
        assert!(stream.next().now_or_never().is_some_and(|item| item.is_none()));
    });
    assert_whole(&trace, CALL);
    assert_eq!(trace.len(), 2);
}

#[test]
fn a_stream_that_breaks_says_so_with_what_it_used_until_then() {
    let broken = || Err(std::io::Error::other("connection reset"));
    let items = || vec![Ok(text("c")), Ok(usage("c", 7, 1)), broken()];
    for read in [3, usize::MAX] {
        let trace = trace(async { assert_eq!(returned(items()).take(read).count().await, 3) });
        let span = trace.span(CALL);
        assert_eq!((span.outcome, span.message.as_deref()), (Outcome::Error, Some("connection reset")));
        assert_eq!(span.get("gen_ai.response.finish_reasons"), "[error]");
        assert_eq!(span.get("error.type"), "std::io::error::Error");
        assert_eq!(span.get("gen_ai.usage.output_tokens"), "1");
        assert_eq!(span.get("throughline.llm.chunks"), "2");
    }
}

/// These items, and then nothing any more.
fn stalls(items: Vec<Item>) -> impl Stream<Item = Item> + Unpin {
    stream::iter(items).chain(stream::pending())
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn stalling(items: Vec<Item>) -> impl Stream<Item = Item> {
    stalls(items)
}

#[test]
fn a_stream_that_loses_a_select_is_cancelled_with_its_usage_so_far() {
    let trace = trace(async {
        let read = stalling(vec![Ok(text("c")), Ok(usage("c", 7, 1))]).for_each(|_| std::future::ready(()));
        match select(Box::pin(read), Box::pin(tokio::task::yield_now())).await {
            Either::Left(_) => panic!("the stream has no end"),
            Either::Right(((), read)) => drop(read),
        }
    });
    let span = trace.span(CALL);
    assert_eq!(span.outcome, Outcome::Cancelled);
    assert_eq!((span.get("gen_ai.usage.input_tokens"), span.get("throughline.llm.chunks")), ("7", "2"));
    assert_eq!(trace.span("root").get("throughline.llm.total.output_tokens"), "1");
}

#[test]
fn a_stream_can_be_read_by_another_task_and_by_another_thread() {
    let on_a_task = trace(async {
        let stream = returned(whole());
        assert_eq!(tokio::spawn(stream.count()).await.unwrap(), 4);
    });
    let on_a_thread = trace(async {
        let mut stream = Box::pin(returned(whole()));
        assert!(stream.next().await.is_some());
        #[allow(clippy::disallowed_methods, reason = "a thread that nobody gave a context")]
        let read = std::thread::spawn(move || block_on(stream.count()));
        assert_eq!(read.join().unwrap(), 3);
    });
    for trace in [on_a_task, on_a_thread] {
        assert_whole(&trace, CALL);
        assert_eq!(trace.span(CALL).parent, Some(trace.span("root").id));
    }
}

/// A piece of a stream that can be moved and nothing else.
#[derive(Debug, Serialize)]
struct Piece {
    content: String,
}

/// Yields a piece each time it is asked, and then nothing for a while.
struct Slow {
    pieces: Vec<Piece>,
    is_ready: bool,
}

impl Stream for Slow {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Piece>> {
        self.is_ready = !self.is_ready;
        if self.is_ready { Poll::Ready(self.pieces.pop()) } else { Poll::Pending }
    }
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn slow(pieces: Vec<Piece>) -> impl Stream<Item = Piece> {
    Slow { pieces, is_ready: false }
}

#[test]
fn each_piece_is_handed_on_in_the_poll_that_brought_it_and_is_not_copied() {
    let trace = trace(async {
        let pieces: Vec<_> = (0..3).map(|n| Piece { content: format!("piece {n}") }).collect();
        let addresses: Vec<_> = pieces.iter().rev().map(|piece| piece.content.as_ptr()).collect();
        let mut stream = Box::pin(slow(pieces));
        let mut context = Context::from_waker(Waker::noop());
        for address in addresses {
            let Poll::Ready(Some(piece)) = stream.as_mut().poll_next(&mut context) else {
                panic!("a piece was held back")
            };
            assert_eq!(piece.content.as_ptr(), address);
            assert!(stream.as_mut().poll_next(&mut context).is_pending());
        }
        assert!(matches!(stream.as_mut().poll_next(&mut context), Poll::Ready(None)));
    });
    assert_eq!(trace.span(CALL).get("throughline.llm.chunks"), "3");
}

/// Two streams of one call, whose chunks come in turns, each of which says what it used so far.
async fn both(first: impl Stream<Item = Item>, second: impl Stream<Item = Item>) {
    let turns = first.zip(second);
    turns.for_each(|_| std::future::ready(())).await;
}

fn counting(id: &'static str, input: u64) -> Vec<Item> {
    (1..=5).map(|output| Ok(usage(id, input, output))).chain([Ok(finish(id))]).collect()
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn two_streams() -> usize {
    both(observe(stream::iter(counting("a", 10))), observe(stream::iter(counting("b", 100)))).await;
    2
}

#[test]
fn two_streams_of_one_call_add_up_though_their_chunks_come_in_turns() {
    let trace = trace(two_streams());
    let span = trace.span(CALL);
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "110");
    assert_eq!(span.get("gen_ai.usage.output_tokens"), "10");
    assert_eq!(span.get("throughline.llm.chunks"), "12");
    assert_eq!(span.outcome, Outcome::Ok);
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "2");
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "110");
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn two_that_outlive_it() -> Vec<ResponseStream> {
    vec![
        Box::pin(observe(stream::iter(counting("a", 10)))),
        Box::pin(observe(stream::iter(counting("b", 100)))),
    ]
}

#[test]
fn two_streams_that_outlive_their_call_have_a_span_each() {
    let trace = trace(async {
        let mut streams = two_that_outlive_it();
        let (second, first) = (streams.pop().unwrap(), streams.pop().unwrap());
        both(first, second).await;
    });
    let spans = trace.spans("llm stream");
    let inputs: Vec<_> = spans.iter().map(|span| span.get("gen_ai.usage.input_tokens")).collect();
    assert_eq!(inputs, ["10", "100"]);
    for span in spans {
        assert_eq!((span.get("throughline.llm.chunks"), span.outcome), ("6", Outcome::Ok));
        assert_eq!(span.parent, Some(trace.span(CALL).id));
    }
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "110");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "2");
}

/// What Ollama streams: chunks without an ID.
fn without_id(input: u64) -> Vec<Item> {
    let chunk = |done: Value| json!({"model": "llama3.2", "message": {"content": "Hi"}, "done_reason": done});
    let mut last = chunk(json!("stop"));
    last["prompt_eval_count"] = json!(input);
    last["eval_count"] = json!(3);
    vec![Ok(chunk(Value::Null)), Ok(last)]
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn one_after_the_other() {
    for input in [10, 7] {
        observe(stream::iter(without_id(input))).for_each(|_| std::future::ready(())).await;
    }
}

#[test]
fn streams_without_ids_that_follow_one_another_in_a_call_add_up() {
    let trace = trace(one_after_the_other());
    let span = trace.span(CALL);
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "17");
    assert_eq!(span.get("gen_ai.usage.output_tokens"), "6");
    assert_eq!(span.get("throughline.llm.chunks"), "4");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "2");
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "17");
}

/// What a chunk says, as a service hands it on.
fn said(chunk: Item) -> std::io::Result<String> {
    Ok(chunk?["choices"][0]["delta"]["content"].as_str().unwrap_or_default().to_owned())
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn passed_on(items: Vec<Item>) -> impl Stream<Item = Item> {
    observe(stream::iter(items))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn as_texts(items: Vec<Item>) -> std::io::Result<impl Stream<Item = std::io::Result<String>>> {
    Ok(observe(stream::iter(items)).map(said))
}

/// A stream that asks when it is read, and says something before that.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn asked_late(items: Vec<Item>) -> impl Stream<Item = std::io::Result<String>> {
    let ask = async move { observe(stream::iter(items)).map(said) };
    stream::iter([Ok("wait".to_owned())]).chain(ask.flatten_stream())
}

/// One that takes its time between a chunk and what it makes of it.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn looked_up(items: Vec<Item>) -> impl Stream<Item = std::io::Result<String>> {
    observe(stream::iter(items)).then(|chunk| async {
        tokio::task::yield_now().await;
        said(chunk)
    })
}

/// One that is read by a task of its own, as a server of events is fed.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn through_a_channel(items: Vec<Item>) -> impl Stream<Item = std::io::Result<String>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    throughline::spawn(async move {
        let mut chunks = observe(stream::iter(items));
        while let Some(chunk) = chunks.next().await {
            if sender.send(said(chunk)).await.is_err() {
                break;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn read_by_hand(items: Vec<Item>) -> impl Stream<Item = std::io::Result<String>> {
    stream::iter(items).inspect(|item| item.iter().for_each(record_chunk)).map(said)
}

#[test]
fn a_stream_made_of_one_that_is_observed_is_read_once() {
    let traces = [
        trace(async { passed_on(whole()).collect::<Vec<_>>().await }),
        trace(async { as_texts(whole()).await.unwrap().collect::<Vec<_>>().await }),
        trace(async { asked_late(whole()).collect::<Vec<_>>().await }),
        trace(async { looked_up(whole()).collect::<Vec<_>>().await }),
        trace(async { through_a_channel(whole()).collect::<Vec<_>>().await }),
        trace(async { read_by_hand(whole()).collect::<Vec<_>>().await }),
    ];
    for trace in traces {
        let span = trace.span(CALL);
        assert_eq!(span.get("gen_ai.usage.input_tokens"), "7");
        assert_eq!(span.get("gen_ai.usage.output_tokens"), "3");
        assert_eq!(span.get("gen_ai.response.id"), "c");
        assert_eq!(span.get("gen_ai.response.finish_reasons"), "[stop]");
        assert_eq!(span.get("throughline.llm.chunks"), "4");
        assert_eq!(span.outcome, Outcome::Ok);
        assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
        assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "7");
    }
}

#[test]
fn a_stream_made_of_one_that_is_observed_ends_as_that_one_does() {
    let left = |chunks: usize| {
        let ends = [
            trace(async { as_texts(whole()).await.unwrap().take(chunks).collect::<Vec<_>>().await }),
            trace(async { asked_late(whole()).take(chunks + 1).collect::<Vec<_>>().await }),
        ];
        ends.map(|trace| trace.span(CALL).outcome)
    };
    assert_eq!(left(2), [Outcome::Cancelled; 2]);
    assert_eq!(left(3), [Outcome::Ok; 2], "the model had finished");
    let broken = || vec![Ok(text("c")), Err(std::io::Error::other("reset"))];
    let broken = trace(async { as_texts(broken()).await.unwrap().collect::<Vec<_>>().await });
    let span = broken.span(CALL);
    assert_eq!((span.outcome, span.message.as_deref()), (Outcome::Error, Some("reset")));
    assert_eq!(span.get("throughline.llm.chunks"), "1");
}

#[test]
fn a_stream_that_asks_when_it_is_read_and_breaks_is_one_call() {
    let broken = vec![Ok(text("c")), Err(std::io::Error::other("reset"))];
    let trace = trace(async { asked_late(broken).collect::<Vec<_>>().await });
    let span = trace.span(CALL);
    assert_eq!((span.outcome, span.message.as_deref()), (Outcome::Error, Some("reset")));
    assert_eq!(span.get("gen_ai.response.id"), "c");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[error]");
    assert_eq!(span.get("throughline.llm.chunks"), "1");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
}

/// Its first attempt breaks after a chunk.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn asked_again(items: Vec<Item>) -> impl Stream<Item = std::io::Result<String>> {
    let read = async |items: Vec<Item>| -> std::io::Result<Vec<String>> {
        let mut chunks = observe(stream::iter(items));
        let mut texts = Vec::new();
        while let Some(chunk) = chunks.next().await {
            texts.push(said(chunk)?);
        }
        Ok(texts)
    };
    let ask = async move {
        let broken = vec![Ok(text("a")), Err(std::io::Error::other("reset"))];
        assert!(attempt(async || read(broken).await).await.is_err());
        stream::iter(attempt(async || read(items).await).await.unwrap().into_iter().map(Ok))
    };
    ask.flatten_stream()
}

#[test]
fn a_stream_that_asks_again_when_it_is_read_says_what_the_last_attempt_said() {
    let trace = trace(async { asked_again(whole()).collect::<Vec<_>>().await });
    let span = trace.span(CALL);
    assert_eq!(span.outcome, Outcome::Ok);
    assert_eq!(span.get("throughline.llm.attempts"), "2");
    assert_eq!(span.get("gen_ai.response.id"), "c");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[stop]");
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "7");
    assert_eq!(span.get("throughline.llm.chunks"), "4");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
}

/// What it returns is not what it read.
#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn planned(items: Vec<Item>) -> impl Stream<Item = Item> {
    let plan = async { observe(stream::iter(counting("plan", 10))).count().await };
    plan.map(|_| stream::iter(items)).flatten_stream()
}

#[test]
fn an_answer_after_one_that_was_observed_is_another_response() {
    let trace = trace(async { planned(whole()).collect::<Vec<_>>().await });
    let span = trace.span(CALL);
    assert_eq!(span.get("gen_ai.response.id"), "c");
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "17");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "2");
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn with_errors_that_are_texts(items: Vec<Result<Value, String>>) -> usize {
    try_observe(stream::iter(items)).count().await
}

#[test]
fn errors_that_could_be_chunks_are_errors() {
    let trace = trace(with_errors_that_are_texts(vec![Ok(text("c")), Err("reset".to_owned())]));
    let span = trace.span(CALL);
    assert_eq!((span.outcome, span.message.as_deref()), (Outcome::Error, Some("reset")));
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[error]");
}
