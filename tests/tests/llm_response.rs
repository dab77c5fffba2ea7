//! What is read from the responses that real clients return.

mod llm;

use async_openai::types::chat::CreateChatCompletionResponse;
use async_openai::types::responses::Response;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use llm::{call, root, trace};
use serde_json::json;
use throughline::llm::expansion::look_at_serialize;
use throughline::llm::{LlmResponse, Usage, attempt, observe, record};
use throughline::llm_span;
use throughline::span::Outcome;

fn completion(id: &str) -> CreateChatCompletionResponse {
    serde_json::from_value(json!({
        "id": id, "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18",
        "service_tier": "default",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "logprobs": null, "message": {
            "role": "assistant", "content": null, "refusal": null,
            "tool_calls": [{"id": "call_a", "type": "function", "function": {"name": "search", "arguments": "{}"}}]
        }}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
            "prompt_tokens_details": {"cached_tokens": 200}, "completion_tokens_details": {"reasoning_tokens": 64}}
    }))
    .unwrap()
}

#[test]
fn a_chat_completion_of_async_openai_fills_the_span() {
    let trace = trace(|| root(|| call(|call| call.response(look_at_serialize(&completion("chatcmpl-1"))))));
    let expected = "\
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=chatcmpl-1
gen_ai.response.model=gpt-4o-mini-2024-07-18
gen_ai.usage.cache_read.input_tokens=200
gen_ai.usage.cost=0.000435
gen_ai.usage.input_tokens=1000
gen_ai.usage.output_tokens=500
gen_ai.usage.reasoning.output_tokens=64
openai.response.service_tier=default
throughline.llm.tool_call.ids=[call_a]
throughline.llm.tool_call.names=[search]";
    assert_eq!(trace.span("call").lines(&["gen_ai.", "openai.", "throughline."]), expected);
}

#[test]
fn a_response_of_async_openai_fills_the_span() {
    let response: Response = serde_json::from_value(json!({
        "id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-5", "status": "completed",
        "parallel_tool_calls": true, "tool_choice": "auto", "tools": [], "error": null, "incomplete_details": null,
        "output": [
            {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "x", "annotations": []}]},
            {"type": "function_call", "id": "fc_1", "call_id": "call_a", "name": "search", "arguments": "{}",
                "status": "completed"}
        ],
        "usage": {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 8}, "output_tokens": 87,
            "output_tokens_details": {"reasoning_tokens": 40}, "total_tokens": 123}
    }))
    .unwrap();
    let trace = trace(|| root(|| call(|_| record(&response))));
    let expected = "\
gen_ai.response.finish_reasons=[tool_calls]
gen_ai.response.id=resp_1
gen_ai.response.model=gpt-5
gen_ai.usage.cache_read.input_tokens=8";
    let lines = trace.span("call").lines(&["gen_ai.response.", "gen_ai.usage.cache_read"]);
    assert_eq!(lines, expected);
    assert_eq!(trace.span("call").get("throughline.llm.tool_call.ids"), "[call_a]");
    assert_eq!(trace.span("call").get("gen_ai.usage.reasoning.output_tokens"), "40");
}

#[test]
fn the_cost_is_what_genai_prices_says() {
    let trace = trace(|| root(|| call(|_| record(&completion("c")))));
    let usage = genai_prices::Usage::from([
        (genai_prices::UsageKey::INPUT_TOKENS, 1000.0),
        (genai_prices::UsageKey::CACHE_READ_TOKENS, 200.0),
        (genai_prices::UsageKey::OUTPUT_TOKENS, 500.0),
    ]);
    let request = genai_prices::PriceRequest::new("gpt-4o-mini", &usage).with_provider_id("openai");
    let cost = genai_prices::calculate(&request).unwrap().total_price;
    let recorded: f64 = trace.span("call").get("gen_ai.usage.cost").parse().unwrap();
    assert!((recorded - cost).abs() < 1e-12);
}

#[test]
fn a_cost_that_the_provider_reports_wins() {
    let response = json!({"model": "gpt-4o-mini", "usage": {"prompt_tokens": 1000, "completion_tokens": 1, "cost": 0.5}});
    let trace = trace(|| root(|| call(|_| record(&response))));
    assert_eq!(trace.span("call").get("gen_ai.usage.cost"), "0.5");
}

#[test]
fn an_unknown_model_has_no_cost_and_the_local_root_says_that_its_sum_is_not_all() {
    let trace = trace(|| {
        root(|| {
            call(|_| record(&completion("c")));
            let _span = throughline::span!("elsewhere").entered();
            record(&json!({"model": "house-brand", "usage": {"prompt_tokens": 10, "completion_tokens": 1}}));
        });
    });
    assert_eq!(trace.span("elsewhere").get("gen_ai.usage.input_tokens"), "10");
    assert_eq!(trace.span("elsewhere").get("gen_ai.usage.cost"), "");
    let expected = "\
throughline.llm.total.cached_tokens=200
throughline.llm.total.calls=2
throughline.llm.total.cost=0.000435
throughline.llm.total.input_tokens=1010
throughline.llm.total.model_time=0.001
throughline.llm.total.output_tokens=501
throughline.llm.total.reasoning_tokens=64
throughline.llm.total.unpriced_calls=1";
    assert_eq!(trace.span("root").lines(&["throughline.", "gen_ai."]), expected);
}

#[test]
fn a_response_that_is_recorded_and_returned_counts_once() {
    let trace = trace(|| {
        root(|| {
            call(|call| {
                record(&completion("c"));
                call.response(look_at_serialize(&completion("c")));
            });
        });
    });
    assert_eq!(trace.span("call").get("gen_ai.usage.input_tokens"), "1000");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
}

#[test]
fn what_a_function_makes_of_a_response_is_no_second_one() {
    let answer = json!({"id": "answer-7", "status": "completed", "model": "ours", "content": "x"});
    let trace = trace(|| {
        root(|| {
            call(|call| {
                record(&completion("c"));
                call.response(look_at_serialize(&answer));
            });
        });
    });
    assert_eq!(trace.span("call").get("gen_ai.response.id"), "c");
    assert_eq!(trace.span("call").get("gen_ai.usage.input_tokens"), "1000");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "1");
}

#[test]
fn calls_of_many_threads_add_up() {
    let spans = llm::Spans::default();
    let pipeline = throughline::Pipeline::builder().sink(spans.clone()).start().unwrap();
    {
        let _entered = pipeline.enter();
        root(|| {
            let context = throughline::Context::current();
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        let _attached = context.attach();
                        (0..200).for_each(|_| call(|_| record(&completion("c"))));
                    });
                }
            });
        });
    }
    assert!(pipeline.flush(std::time::Duration::from_secs(60)));
    let trace = spans.trace();
    let root = trace.span("root");
    assert_eq!(root.get("throughline.llm.total.calls"), "1600");
    assert_eq!(root.get("throughline.llm.total.input_tokens"), "1600000");
    assert_eq!(trace.spans("call").len(), 1600);
    assert!(trace.spans("call").iter().all(|call| call.get("gen_ai.usage.cost") == "0.000435"));
}

#[test]
fn two_responses_of_one_span_add_up() {
    let trace = trace(|| {
        root(|| {
            call(|_| {
                record(&completion("c1"));
                record(&completion("c2"));
            });
        });
    });
    let span = trace.span("call");
    assert_eq!(span.get("gen_ai.usage.input_tokens"), "2000");
    assert_eq!(span.get("gen_ai.usage.cost"), "0.00087");
    assert_eq!(span.get("gen_ai.response.id"), "c2");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "2");
}

#[test]
fn responses_without_an_id_add_up_though_they_are_of_one_size() {
    let batch = json!({"object": "list", "model": "text-embedding-3-small", "data": [{"embedding": [0.5]}],
        "usage": {"prompt_tokens": 512, "total_tokens": 512}});
    let trace = trace(|| {
        root(|| {
            call(|call| {
                (0..3).for_each(|_| record(&batch));
                // What is returned was recorded.
                call.response(look_at_serialize(&batch));
            });
        });
    });
    assert_eq!(trace.span("call").get("gen_ai.usage.input_tokens"), "1536");
    assert_eq!(trace.span("root").get("throughline.llm.total.calls"), "3");
    assert_eq!(trace.span("root").get("throughline.llm.total.input_tokens"), "1536");
}

#[test]
fn a_type_of_one_s_own_is_read_by_its_implementation() {
    struct Reply;

    impl LlmResponse for Reply {
        fn usage(&self) -> Option<Usage> {
            Some(Usage { input: 1000, output: 500, cache_read: 200, ..Usage::default() })
        }

        fn finish_reason(&self) -> Option<&str> {
            Some("stop")
        }

        fn tool_calls(&self) -> Vec<(&str, &str)> {
            vec![("t1", "search")]
        }
    }

    let trace = trace(|| root(|| call(|_| record(&Reply))));
    let span = trace.span("call");
    // The model that was asked for stands in for the one that answered.
    assert_eq!(span.get("gen_ai.usage.cost"), "0.000435");
    assert_eq!(span.get("gen_ai.response.finish_reasons"), "[stop]");
    assert_eq!(span.get("throughline.llm.tool_call.names"), "[search]");
    assert_eq!(span.get("gen_ai.response.model"), "");
}

#[test]
fn a_call_that_failed_is_counted_and_costs_nothing() {
    let trace = trace(|| root(|| call(|_| throughline::span::current::fail("timeout", "no answer"))));
    let expected = "\
throughline.llm.total.calls=1
throughline.llm.total.input_tokens=0
throughline.llm.total.model_time=0.001
throughline.llm.total.output_tokens=0";
    assert_eq!(trace.span("root").lines(&["throughline."]), expected);
    assert_eq!(trace.span("call").lines(&["gen_ai.", "throughline."]), "");
}

#[test]
fn where_nothing_is_recorded_nothing_happens() {
    // No pipeline, no span.
    record(&completion("c"));
    record(&Usage::default());
    let trace = trace(|| record(&completion("c")));
    assert_eq!(trace.len(), 0);
}

#[test]
fn a_value_that_traces_while_it_is_read_does_no_harm() {
    struct Traces;

    impl serde::Serialize for Traces {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let _span = throughline::span!("inside").entered();
            record(&completion("inner"));
            completion("outer").serialize(serializer)
        }
    }

    let trace = trace(|| root(|| call(|_| record(&Traces))));
    assert_eq!(trace.span("call").get("gen_ai.response.id"), "outer");
    assert_eq!(trace.span("inside").get("gen_ai.response.id"), "inner");
}

/// Code of the program that panics when it is asked.
fn panics<T>() -> T {
    std::panic::resume_unwind(Box::new("on purpose"))
}

struct Panics;

impl serde::Serialize for Panics {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panics()
    }
}

impl std::fmt::Display for Panics {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panics()
    }
}

#[derive(serde::Serialize)]
struct HalfTold {
    model: &'static str,
    usage: Panics,
}

struct ToldByTrait;

impl LlmResponse for ToldByTrait {
    fn id(&self) -> Option<&str> {
        Some("half")
    }

    fn usage(&self) -> Option<Usage> {
        panics()
    }
}

#[llm_span(provider = "acme")]
fn half_told() -> HalfTold {
    HalfTold { model: "half", usage: Panics }
}

#[llm_span(provider = "acme")]
fn told_by_trait() -> ToldByTrait {
    ToldByTrait
}

#[llm_span(provider = "acme", usage = |_: &u8| -> Usage { panics() })]
fn told_by_a_closure() -> u8 {
    7
}

#[llm_span(provider = "acme")]
async fn fails_at_an_error() -> u8 {
    assert!(attempt(async || Err::<(), _>(Panics)).await.is_err());
    let broken = observe(stream::iter([Err::<Usage, _>(Panics)]));
    broken.count().await as u8
}

#[test]
fn what_panics_while_it_is_read_costs_what_it_did_not_tell_and_not_the_response() {
    let got = trace(|| assert_eq!(half_told().model, "half"));
    assert_eq!(
        (got.span("chat").outcome, got.span("chat").get("gen_ai.response.model")),
        (Outcome::Ok, "half")
    );
    let got = trace(|| assert!(told_by_trait().model().is_none()));
    assert_eq!((got.span("chat").outcome, got.span("chat").get("gen_ai.response.id")), (Outcome::Ok, "half"));
    let got = trace(|| assert_eq!(told_by_a_closure(), 7));
    assert_eq!(
        (got.span("chat").outcome, got.span("chat").get("gen_ai.usage.input_tokens")),
        (Outcome::Ok, "")
    );
    let got = trace(|| assert_eq!(fails_at_an_error().now_or_never(), Some(1)));
    let [attempt] = got.spans("llm attempt")[..] else { panic!("an attempt") };
    assert_eq!((attempt.outcome, attempt.get("error.type")), (Outcome::Error, "llm_response::Panics"));
    assert_eq!(got.span("chat").outcome, Outcome::Error);
}
