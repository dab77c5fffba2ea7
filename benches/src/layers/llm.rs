//! Calls of language models.

use std::any::Any;
use std::hint::black_box;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use throughline::llm::record_chunk;
use throughline::llm_span;

use super::completion::{Chunk, Completion, chunk as a_chunk, completion};
use super::repeat;
use crate::driver::{FEW, SPANS, Scenario};
use crate::ours::{collect, flush};

/// The chunks of a stream, typed by a client crate.
pub(super) fn chunk() -> Scenario {
    static CHUNK: LazyLock<Chunk> = LazyLock::new(a_chunk);
    Scenario { prepare, round: || stream(&*CHUNK), settle: flush }
}

/// The same as a document.
pub(super) fn chunk_json() -> Scenario {
    static CHUNK: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(a_chunk()).expect("it has no maps"));
    Scenario { prepare, round: || stream(&*CHUNK), settle: flush }
}

/// A call that returns its response: usage and cost filled.
pub(super) fn response() -> Scenario {
    Scenario {
        prepare,
        round: || {
            repeat(FEW, |_| {
                black_box(ask());
            })
        },
        settle: flush,
    }
}

static COMPLETION: LazyLock<Completion> = LazyLock::new(completion);

/// The list of prices is read once, whenever a cost is asked first: here.
fn prepare() -> Box<dyn Any> {
    let collecting = collect();
    let _ = ask();
    flush();
    collecting
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn ask() -> &'static Completion {
    black_box(&COMPLETION)
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
fn stream(chunk: &impl Serialize) {
    repeat(SPANS, |_| record_chunk(black_box(chunk)));
}
