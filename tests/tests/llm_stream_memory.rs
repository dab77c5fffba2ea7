//! What a chunk of a stream allocates on its way through: nothing.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::{Stream, stream};
use serde::Serialize;
use throughline::span::{Sink, SpanView};
use throughline::{Pipeline, llm_span};
use throughline_tests::memory::{Counting, of_this_thread};

#[global_allocator]
static MEMORY: Counting = Counting;

struct Nowhere;

impl Sink for Nowhere {
    fn span(&mut self, _: &SpanView<'_>) {}
}

/// A chunk of text, which cannot be copied.
#[derive(Serialize)]
struct Chunk {
    id: &'static str,
    model: &'static str,
    choices: [Choice; 1],
}

#[derive(Serialize)]
struct Choice {
    delta: Delta,
    finish_reason: Option<&'static str>,
}

#[derive(Serialize)]
struct Delta {
    content: &'static str,
}

const CHUNKS: usize = 10_000;

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn chunks() -> impl Stream<Item = Result<Chunk, std::io::Error>> {
    let chunk = || Chunk {
        id: "c",
        model: "gpt-4o-mini",
        choices: [Choice { delta: Delta { content: "Hi" }, finish_reason: None }],
    };
    stream::iter((0..CHUNKS).map(move |_| Ok(chunk())))
}

#[test]
fn ten_thousand_chunks_allocate_nothing() {
    let pipeline = Pipeline::builder().sink(Nowhere).start().unwrap();
    let _entered = pipeline.enter();
    let mut stream = pin!(chunks());
    let mut context = Context::from_waker(Waker::noop());
    let mut next = || matches!(stream.as_mut().poll_next(&mut context), Poll::Ready(Some(Ok(_))));
    assert!(next());
    let before = of_this_thread();
    let read = (1..CHUNKS).filter(|_| next()).count();
    assert_eq!((read, of_this_thread()), (CHUNKS - 1, before));
}
