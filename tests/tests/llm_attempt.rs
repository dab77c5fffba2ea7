//! Attempts of a call that is retried.

mod llm;

use llm::{Trace, call, root, trace};
use serde_json::json;
use throughline::llm::{attempt, record};
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
}

#[test]
fn where_nothing_is_recorded_an_attempt_is_only_what_it_wraps() {
    assert_eq!(block_on(attempt(async || Ok::<_, String>(3))), Ok(3));
}
