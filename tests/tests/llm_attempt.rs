//! Attempts of a call that is retried.

mod llm;

use std::future::ready;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream};
use llm::{Trace, call, root, trace};
use serde_json::{Value, json};
use throughline::llm::{attempt, observe, record, retry_after};
use throughline::span::Outcome;

#[derive(Debug)]
struct TooManyRequests;

impl std::fmt::Display for TooManyRequests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("429: try again in a second")
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A call that is refused once, then answered.
fn retried() -> Trace {
    trace(|| {
        root(|| {
            call(|_| {
                block_on(async {
                    let refused = attempt(async || Err::<(), _>(TooManyRequests)).await;
                    assert!(refused.is_err());
                    let answered = attempt(async || {
                        record(
                            &json!({"id": "c", "model": "gpt-4o-mini", "usage": {"prompt_tokens": 7, "completion_tokens": 2}}),
                        );
                        Ok::<_, TooManyRequests>(7)
                    });
                    assert_eq!(answered.await.unwrap(), 7);
                });
            });
        });
    })
}

#[test]
fn each_attempt_is_a_child_of_the_call_with_its_number_and_outcome() {
    let trace = retried();
    let call = trace.span("call");
    let [first, second] = trace.spans("llm attempt")[..] else { panic!("two attempts") };
    assert_eq!((first.parent, second.parent), (Some(call.id), Some(call.id)));
    assert_eq!(
        first.lines(&[""]),
        "error.type=llm_attempt::TooManyRequests\nthroughline.llm.attempt.number=1"
    );
    assert_eq!(first.outcome, Outcome::Error);
    assert_eq!(first.message.as_deref(), Some("429: try again in a second"));
    assert_eq!(second.get("throughline.llm.attempt.number"), "2");
    assert_eq!(second.outcome, Outcome::Ok);
}

#[test]
fn the_wait_before_a_retry_is_on_it() {
    let trace = retried();
    // The clock moves a millisecond each time it is read.
    let wait: f64 = trace.spans("llm attempt")[1].get("throughline.llm.attempt.wait").parse().unwrap();
    assert!(wait > 0.0 && wait < 0.01, "{wait}");
}

#[test]
fn the_call_says_how_many_attempts_it_took_and_has_the_response() {
    let trace = retried();
    let call = trace.span("call");
    assert_eq!(call.get("throughline.llm.attempts"), "2");
    assert_eq!(call.get("gen_ai.usage.input_tokens"), "7");
    assert_eq!(trace.spans("llm attempt")[1].lines(&["gen_ai."]), "");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
}

/// A call whose attempts end so.
fn attempted(results: impl IntoIterator<Item = Result<(), TooManyRequests>>) -> Trace {
    trace(|| {
        root(|| {
            call(|_| {
                for result in results {
                    let _ = block_on(attempt(async || result));
                }
            });
        });
    })
}

const ERRORS: &str = "throughline.llm.attempt.errors";

#[test]
fn the_call_says_why_attempts_failed_and_is_no_failure_itself() {
    let trace = attempted([Err(TooManyRequests), Err(TooManyRequests), Ok(())]);
    let call = trace.span("call");
    assert_eq!(call.get(ERRORS), "[llm_attempt::TooManyRequests,llm_attempt::TooManyRequests]");
    assert_eq!((call.get("throughline.llm.attempts"), call.outcome), ("3", Outcome::Ok));
    assert_eq!(attempted([Ok(())]).span("call").get(ERRORS), "");
}

#[test]
fn the_reasons_of_thousands_of_attempts_are_capped() {
    let trace = attempted((0..1000).map(|_| Err(TooManyRequests)));
    assert_eq!(trace.span("call").get("throughline.llm.attempts"), "1000");
    assert_eq!(trace.span("call").get(ERRORS).matches("TooManyRequests").count(), 32);
}

#[throughline::llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn gives_up() -> Result<(), std::io::Error> {
    let _ = attempt(async || Err::<(), _>(TooManyRequests)).await;
    attempt(async || Err(std::io::Error::other("connection reset"))).await
}

#[test]
fn a_call_that_gave_up_has_the_last_error() {
    let trace = trace(|| assert!(block_on(gives_up()).is_err()));
    let call = trace.span("chat gpt-4o-mini");
    assert_eq!((call.outcome, call.message.as_deref()), (Outcome::Error, Some("connection reset")));
    assert_eq!(call.get("error.type"), "std::io::error::Error");
    assert_eq!(call.get(ERRORS), "[llm_attempt::TooManyRequests,std::io::error::Error]");
}

#[test]
fn the_wait_that_a_provider_asks_for_is_on_the_attempt() {
    let trace = trace(|| {
        retry_after(Duration::from_secs(1));
        root(|| {
            call(|_| {
                let refused = attempt(async || {
                    throughline::span!("inside").in_scope(|| retry_after(Duration::from_millis(1500)));
                    Err::<(), _>(TooManyRequests)
                });
                let _ = block_on(refused);
                retry_after(Duration::from_secs(2));
                let _ = block_on(attempt(async || Ok::<_, String>(())));
            });
        });
    });
    let [refused, answered] = trace.spans("llm attempt")[..] else { panic!("two attempts") };
    assert_eq!(refused.get("throughline.llm.attempt.retry_after"), "1.5");
    assert_eq!(answered.get("throughline.llm.attempt.retry_after"), "");
    for span in ["root", "call", "inside"] {
        assert_eq!(trace.span(span).get("throughline.llm.attempt.retry_after"), "", "{span}");
    }
}

#[test]
fn attempts_under_way_at_once_are_told_their_own_waits() {
    let asked = |wait: u64| {
        attempt(async move || {
            tokio::task::yield_now().await;
            retry_after(Duration::from_secs(wait));
            tokio::task::yield_now().await;
            Err::<(), _>(TooManyRequests)
        })
    };
    let trace = trace(|| {
        root(|| {
            call(|_| {
                let _ = block_on(async { futures_util::join!(asked(1), asked(2)) });
            });
        });
    });
    let waits: Vec<_> = trace
        .spans("llm attempt")
        .iter()
        .map(|span| span.get("throughline.llm.attempt.retry_after"))
        .collect();
    assert_eq!(waits, ["1", "2"]);
}

#[test]
fn an_attempt_that_panics_says_so() {
    let trace = trace(|| {
        root(|| {
            call(|_| {
                let panics = attempt(async || -> Result<(), String> { panic!("no") });
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(panics)));
                assert!(caught.is_err());
            });
        });
    });
    assert_eq!(trace.span("llm attempt").outcome, Outcome::Panicked);
    assert_eq!(trace.span("call").get(ERRORS), "[panicked]");
}

#[test]
fn attempts_in_a_span_that_nobody_said_is_a_model_call_are_counted_too() {
    let trace = trace(|| {
        let _span = throughline::span!("plain").entered();
        block_on(async {
            let _ = attempt(async || Err::<(), _>("no")).await;
            let _ = attempt(async || Ok::<_, String>(())).await;
        });
    });
    assert_eq!(trace.span("plain").get("throughline.llm.attempts"), "2");
    assert_eq!(trace.span("plain").get(ERRORS), "[&str]");
    assert_eq!(trace.spans("llm attempt").len(), 2);
}

#[test]
fn an_attempt_that_is_spawned_belongs_to_the_call_that_made_it() {
    let trace = trace(|| {
        root(|| {
            call(|_| {
                let spawned = attempt(async || {
                    tokio::task::yield_now().await;
                    Ok::<_, String>(())
                });
                block_on(async { tokio::spawn(spawned).await.unwrap().unwrap() });
            });
        });
    });
    assert_eq!(trace.span("llm attempt").parent, Some(trace.span("call").id));
    assert_eq!(trace.span("call").get("throughline.llm.attempts"), "1");
}

#[test]
fn an_attempt_that_is_given_up_is_cancelled() {
    let trace = trace(|| {
        root(|| {
            call(|_| {
                block_on(async {
                    let pending = attempt(async || std::future::pending::<Result<(), String>>().await);
                    let mut pending = Box::pin(pending);
                    assert!(futures_util::poll!(pending.as_mut()).is_pending());
                });
            });
        });
    });
    assert_eq!(trace.span("llm attempt").outcome, Outcome::Cancelled);
    assert_eq!(trace.span("call").get("throughline.llm.attempts"), "1");
    assert_eq!(trace.span("call").get(ERRORS), "[cancelled]");
}

#[test]
fn where_nothing_is_recorded_an_attempt_is_only_what_it_wraps() {
    assert_eq!(block_on(attempt(async || Ok::<_, String>(3))), Ok(3));
}

/// One attempt that reads what `chunks` are, up to the first error, or so many of them.
async fn reads(chunks: Vec<Result<Value, TooManyRequests>>, most: usize) -> Result<usize, TooManyRequests> {
    attempt(async || {
        let mut read = 0;
        let mut chunks = observe(stream::iter(chunks)).take(most);
        while let Some(chunk) = chunks.next().await {
            chunk?;
            read += 1;
        }
        Ok(read)
    })
    .await
}

/// A chunk of a server that gives no IDs.
fn says(text: &str, finish: &str) -> Result<Value, TooManyRequests> {
    let finish = Some(finish).filter(|finish| !finish.is_empty());
    let usage = finish.map(|_| json!({"prompt_tokens": 100, "completion_tokens": 2}));
    Ok(json!({"model": "gpt-4o-mini", "usage": usage,
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}))
}

#[test]
fn a_call_whose_stream_broke_in_one_attempt_and_ended_in_the_next_is_no_failure() {
    let check = |broken: Vec<Result<Value, TooManyRequests>>| {
        let trace = trace(|| {
            root(|| {
                call(|_| {
                    block_on(async {
                        assert!(reads(broken, usize::MAX).await.is_err());
                        assert_eq!(
                            reads(vec![says("a", ""), says("b", "stop")], usize::MAX).await.unwrap(),
                            2
                        );
                    });
                });
            });
        });
        let call = trace.span("call");
        assert_eq!((call.outcome, call.get("error.type"), call.message.as_deref()), (Outcome::Ok, "", None));
        assert_eq!(call.get("gen_ai.response.finish_reasons"), "[stop]");
        assert_eq!(call.get("gen_ai.usage.output_tokens"), "2");
        assert_eq!(call.get("throughline.llm.chunks"), "2", "those of the last attempt");
        let first: f64 = call.get("gen_ai.response.time_to_first_chunk").parse().unwrap();
        assert!(first > 0.0, "it is that of the last attempt");
        assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
        let attempts = trace.spans("llm attempt");
        assert_eq!((attempts[0].outcome, attempts[1].outcome), (Outcome::Error, Outcome::Ok));
    };
    check(vec![Err(TooManyRequests)]);
    check(vec![says("", ""), Err(TooManyRequests)]);
    check(vec![says("x", ""), Err(TooManyRequests)]);
}

#[test]
fn a_call_whose_attempt_ran_out_of_time_in_a_stream_and_was_answered_then_is_not_cancelled() {
    let trace = trace(|| {
        call(|_| {
            block_on(async {
                let stalls = attempt(async || {
                    let mut chunks = observe(stream::iter([says("x", "")]).chain(stream::pending()));
                    while chunks.next().await.is_some() {}
                    Ok::<_, TooManyRequests>(())
                });
                assert!(stalls.now_or_never().is_none());
                reads(vec![says("a", "stop")], usize::MAX).await.unwrap();
            });
        });
    });
    let attempts = trace.spans("llm attempt");
    assert_eq!((attempts[0].outcome, attempts[1].outcome), (Outcome::Cancelled, Outcome::Ok));
    let call = trace.span("call");
    assert_eq!((call.outcome, call.get("throughline.llm.attempt.errors")), (Outcome::Ok, "[cancelled]"));
}

#[test]
fn how_a_stream_ended_is_how_the_call_did_where_its_attempt_is_content_with_that() {
    let left = trace(|| {
        call(|_| assert_eq!(block_on(reads(vec![says("a", ""), says("b", "stop")], 1)).unwrap(), 1));
    });
    assert_eq!(left.span("call").outcome, Outcome::Cancelled);
    let broken = trace(|| {
        call(|_| {
            let skips = attempt(async || {
                let chunks = observe(stream::iter([says("a", ""), Err(TooManyRequests)]));
                Ok::<_, TooManyRequests>(chunks.filter(|chunk| ready(chunk.is_ok())).count().await)
            });
            assert_eq!(block_on(skips).unwrap(), 1);
        });
    });
    assert_eq!(broken.span("call").outcome, Outcome::Error);
    assert_eq!(broken.span("call").get("gen_ai.response.finish_reasons"), "[error]");
}
