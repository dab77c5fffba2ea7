//! What the filter leaves out leaves nothing on the span outside of it: neither tokens nor content.

mod llm;
mod llm_content_support;

use std::pin::Pin;

use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use llm::{root, trace};
use llm_content_support::captured;
use serde_json::{Value, json};
use throughline::llm::{Content, Usage};
use throughline::{agent_span, llm_span, retrieval_span, tool_span};

fn answer() -> Value {
    json!({"id": "c", "model": "gpt-4o-mini", "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        "choices": [{"message": {"role": "assistant", "content": "secret"}, "finish_reason": "stop"}]})
}

fn chunk() -> Value {
    json!({"id": "c", "model": "gpt-4o-mini", "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        "choices": [{"index": 0, "delta": {"content": "secret"}, "finish_reason": "stop"}]})
}

/// Annotated functions of every form, all left out.
mod left_out {
    use super::*;

    #[llm_span(provider = "openai", model = "gpt-4o-mini", target = "left_out", capture(input = prompt, output))]
    pub(super) fn plain(prompt: &str) -> Value {
        drop(prompt.to_owned());
        answer()
    }

    #[llm_span(provider = "openai", model = "gpt-4o-mini", target = "left_out", capture(input = prompt, output))]
    pub(super) async fn asynchronous(prompt: &str) -> Value {
        plain(prompt)
    }

    #[llm_span(provider = "openai", model = "gpt-4o-mini", target = "left_out", capture(input = prompt, output))]
    pub(super) fn future(prompt: &'static str) -> Pin<Box<dyn Future<Output = Value>>> {
        let answered = plain(prompt);
        Box::pin(async move { answered })
    }

    #[llm_span(provider = "openai", target = "left_out", usage = |_: &Value| Usage { input: 7, ..Usage::default() })]
    pub(super) fn by_closure() -> Value {
        answer()
    }

    #[llm_span(provider = "openai", model = "gpt-4o-mini", target = "left_out", capture(output))]
    pub(super) fn streamed() -> BoxStream<'static, Value> {
        stream::iter([chunk()]).boxed()
    }

    #[llm_span(provider = "openai", model = "gpt-4o-mini", target = "left_out", capture(output))]
    pub(super) async fn streamed_later() -> Result<BoxStream<'static, Value>, String> {
        Ok(streamed())
    }

    #[tool_span(target = "left_out", capture(arguments, result))]
    pub(super) async fn tool(argument: &str) -> String {
        argument.to_owned()
    }

    #[retrieval_span(data_source = "wiki", target = "left_out", capture(query = query, documents))]
    pub(super) fn search(query: &str) -> Vec<String> {
        vec![query.to_owned()]
    }

    #[agent_span(target = "left_out", capture(input = question, output))]
    pub(super) async fn agent(question: &str) -> String {
        question.to_owned()
    }
}

#[test]
fn what_is_left_out_leaves_nothing_on_the_span_outside() {
    throughline::span::set_filter(|callsite| callsite.target != "left_out");
    let check = |what: &str, code: &dyn Fn()| {
        let trace = captured(Content::new(), || trace(|| root(code)));
        assert_eq!(trace.len(), 1, "{what}");
        let found = trace.span("root").lines(&["gen_ai", "throughline"]);
        assert_eq!(found, "", "{what}");
    };
    check("a function", &|| drop(left_out::plain("secret")));
    check("an async function", &|| drop(left_out::asynchronous("secret").now_or_never().unwrap()));
    check("a future", &|| drop(left_out::future("secret").now_or_never().unwrap()));
    check("usage by a closure", &|| drop(left_out::by_closure()));
    check("a stream", &|| assert_eq!(left_out::streamed().count().now_or_never(), Some(1)));
    check("a stream in a future", &|| {
        let stream = left_out::streamed_later().now_or_never().unwrap().unwrap();
        assert_eq!(stream.count().now_or_never(), Some(1));
    });
    check("a tool", &|| drop(left_out::tool("secret").now_or_never().unwrap()));
    check("a search", &|| drop(left_out::search("secret")));
    check("an agent", &|| drop(left_out::agent("secret").now_or_never().unwrap()));
}
