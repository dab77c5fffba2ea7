//! Whom the work of language models is for: conversation, user and session, inherited by all that belongs to it.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use throughline::llm::Identity;
use throughline::testing::{SpanNode, Trace, capture, capture_async};
use throughline::{
    Context, FutureExt as _, JoinSetExt as _, llm_span, retrieval_span, span, tool_span, traced,
};
use tokio::task::{JoinSet, yield_now};

const KEYS: [&str; 3] = ["gen_ai.conversation.id", "user.id", "session.id"];

/// Conversation, user and session of a span; empty where it has none.
fn said(span: SpanNode<'_>) -> [String; 3] {
    KEYS.map(|key| span.attribute(key).map_or_else(String::new, |value| value.as_str().unwrap().to_owned()))
}

#[llm_span(provider = "local", model = "m")]
async fn ask() {
    yield_now().await;
}

#[llm_span(provider = "local", model = "m")]
fn ask_at_once() {}

#[retrieval_span(data_source = "docs")]
fn search() -> Vec<u8> {
    Vec::new()
}

#[tool_span(name = "weather")]
fn weather() {}

#[traced]
fn plain() {}

/// All kinds of work below a span of the application.
#[traced]
async fn answer() {
    plain();
    search();
    weather();
    ask().await;
}

fn who() -> Identity {
    Identity::new().conversation("c-1").user("u-7").session("s-3")
}

#[tokio::test]
async fn model_operations_carry_what_was_bound_to_the_request() {
    #[traced]
    async fn request() {
        assert!(who().bind());
        answer().await;
    }
    let trace = capture_async(request()).await;
    for name in ["retrieval docs", "execute_tool weather", "chat m"] {
        assert_eq!(said(trace.span(name)), ["c-1", "u-7", "s-3"], "{name}");
    }
    assert_eq!(said(trace.span("plain")), ["", "", ""], "not a model operation");
    assert_eq!(said(trace.span("answer")), ["", "", ""], "not a local root");
}

#[traced]
fn bound_late() {
    ask_at_once();
    assert!(who().bind());
}

#[test]
fn a_local_root_has_what_was_bound_before_it_ended() {
    let trace = capture(bound_late);
    assert_eq!(said(trace.root()), ["c-1", "u-7", "s-3"]);
    assert_eq!(said(trace.span("chat m")), ["", "", ""], "it ended before");
}

#[tokio::test]
async fn a_root_that_is_a_value_or_a_future_has_it_too() {
    let trace = capture(|| span!("value").in_scope(|| assert!(who().bind())));
    assert_eq!(said(trace.root()), ["c-1", "u-7", "s-3"]);

    #[traced]
    async fn future() {
        yield_now().await;
        who().bind();
        yield_now().await;
    }
    let trace = capture_async(future()).await;
    assert_eq!(said(trace.root()), ["c-1", "u-7", "s-3"]);
}

#[test]
fn nothing_is_bound_where_no_request_is_current() {
    assert!(!who().bind());
    let trace = capture(ask_at_once);
    assert_eq!(said(trace.root()), ["", "", ""]);
}

#[test]
fn nothing_is_made_up() {
    let trace = capture(|| {
        span!("request").in_scope(|| {
            Identity::new().user("").bind();
            answer_at_once();
        })
    });
    assert!(trace.spans().all(|span| said(span) == ["", "", ""]), "{}", trace.tree());
}

#[traced]
fn answer_at_once() {
    ask_at_once();
}

#[test]
fn what_is_said_later_wins_and_keeps_the_rest() {
    let trace = capture(|| {
        span!("request").in_scope(|| {
            who().bind();
            Identity::new().user(8_u64).bind();
            ask_at_once();
        })
    });
    assert_eq!(said(trace.span("chat m")), ["c-1", "8", "s-3"]);
    assert_eq!(said(trace.root()), ["c-1", "8", "s-3"]);
}

#[llm_span(provider = "local", model = "own", conversation_id = "c-own")]
fn ask_in_its_own_conversation() {}

#[llm_span(provider = "local", model = "given", conversation_id = conversation)]
fn ask_in(conversation: Option<&str>) {}

#[test]
fn an_argument_of_the_span_wins() {
    let trace = capture(|| {
        span!("request").in_scope(|| {
            who().bind();
            ask_in_its_own_conversation();
            ask_in(Some("c-given"));
        })
    });
    assert_eq!(said(trace.span("chat own")), ["c-own", "u-7", "s-3"]);
    assert_eq!(said(trace.span("chat given")), ["c-given", "u-7", "s-3"]);
}

#[test]
fn an_argument_of_the_root_wins_when_it_ends() {
    let trace = capture(|| {
        let _attached = who().context().attach();
        ask_in(Some("c-given"));
    });
    assert_eq!(said(trace.root()), ["c-given", "u-7", "s-3"]);
}

#[test]
fn an_argument_without_a_value_leaves_what_is_inherited() {
    let trace = capture(|| {
        let _attached = who().context().attach();
        ask_in(None);
    });
    assert_eq!(said(trace.root()), ["c-1", "u-7", "s-3"]);
}

#[tokio::test]
async fn a_part_of_the_work_has_an_identity_of_its_own() {
    #[traced]
    async fn request() {
        who().bind();
        let part = Identity::new().conversation("c-2").context();
        ask_at_once();
        ask().in_context(part).await;
        ask_at_once();
    }
    let trace = capture_async(request()).await;
    let conversations: Vec<_> = trace.spans_named("chat m").map(said).collect();
    assert_eq!(conversations, [["c-1", "u-7", "s-3"], ["c-2", "u-7", "s-3"], ["c-1", "u-7", "s-3"]]);
    assert_eq!(said(trace.root()), ["c-1", "u-7", "s-3"]);
}

#[test]
fn what_a_part_binds_is_of_the_whole_request() {
    let trace = capture(|| {
        span!("request").in_scope(|| {
            {
                let _part = Identity::new().conversation("c-2").context().attach();
                Identity::new().user("u-9").bind();
                throughline::baggage::set("tenant", "blue");
                ask_at_once();
            }
            assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("blue"));
            span!("after").in_scope(ask_at_once);
        })
    });
    let mut found = trace.spans_named("chat m").map(said);
    assert_eq!(found.next().unwrap(), ["c-2", "u-9", ""]);
    assert_eq!(found.next().unwrap(), ["", "u-9", ""]);
    assert_eq!(said(trace.root()), ["", "u-9", ""]);
}

#[test]
fn totals_of_parts_are_the_roots() {
    #[llm_span(provider = "local", model = "counted")]
    fn counted() -> throughline::llm::Usage {
        throughline::llm::Usage { input: 5, output: 1, ..Default::default() }
    }
    #[traced]
    fn request() {
        throughline::baggage::set("tenant", "blue");
        counted();
        let _part = Identity::new().conversation("c-2").context().attach();
        counted();
    }
    let trace = capture(|| {
        // A request that came with an ID has its slot from the beginning.
        let parts =
            throughline::ContextParts { request_id: "req-1".parse().ok(), ..Context::current().to_parts() };
        let _attached = Context::from(parts).attach();
        request();
    });
    assert_eq!(trace.root().attribute("throughline.llm.total.input_tokens").unwrap(), 10);
}

#[tokio::test]
async fn spawned_work_and_threads_have_it() {
    #[traced]
    async fn request() {
        who().bind();
        let mut set = JoinSet::new();
        set.spawn_in_context(async { ask().await });
        tokio::spawn(async { ask().await }).await.unwrap();
        tokio::task::spawn_blocking(ask_at_once).await.unwrap();
        throughline::thread::spawn(ask_at_once).join().unwrap();
        while set.join_next().await.is_some() {}
    }
    let trace = capture_async(request()).await;
    assert_eq!(trace.spans_named("chat m").count(), 4);
    assert!(trace.spans_named("chat m").all(|span| said(span) == ["c-1", "u-7", "s-3"]));
}

#[tokio::test]
async fn a_stream_has_it_while_it_is_read_elsewhere() {
    #[traced]
    fn words() -> impl futures_util::Stream<Item = u8> + Unpin {
        who().bind();
        Box::pin(futures_util::stream::iter([1_u8, 2]).then(async |word| {
            ask().await;
            word
        }))
    }
    let trace = capture_async(async {
        let mut words = words();
        let read = async move { while words.next().await.is_some() {} };
        read.in_span(span!("reader")).await;
    })
    .await;
    assert_eq!(trace.spans_named("chat m").count(), 2, "{}", trace.tree());
    assert!(trace.spans_named("chat m").all(|span| said(span) == ["c-1", "u-7", "s-3"]));
}

#[traced]
async fn one_request(n: usize) {
    let id = format!("c-{n}");
    Identity::new().conversation(&id).user(format!("u-{n}")).bind();
    span!("is", request.number = n).end();
    ask().await;
    let spawned = tokio::spawn(async {
        yield_now().await;
        ask().await;
    });
    let part = Identity::new().conversation(format!("{id}-part")).context();
    futures_util::future::join(ask(), answer().in_context(part)).await;
    spawned.await.unwrap();
}

fn check_requests_do_not_mix(trace: &Trace, requests: usize) {
    let numbers: HashMap<_, _> = trace
        .spans_named("is")
        .map(|span| (span.trace_id(), span.attribute("request.number").unwrap().as_int().unwrap()))
        .collect();
    assert_eq!(numbers.len(), requests);
    let mut seen = 0;
    for span in trace.spans() {
        let number = numbers[&span.trace_id()];
        let is_part = span.ancestors().any(|outer| outer.name() == "answer");
        let conversation = if is_part { format!("c-{number}-part") } else { format!("c-{number}") };
        if span.name() == "chat m" || span.name() == "one_request" {
            seen += 1;
            assert_eq!(said(span), [conversation, format!("u-{number}"), String::new()]);
        }
    }
    assert_eq!(seen, requests * 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_concurrent_requests_do_not_mix() {
    let trace = capture_async(async {
        let mut requests = JoinSet::new();
        for n in 0..200 {
            requests.spawn(one_request(n));
        }
        while let Some(ended) = requests.join_next().await {
            ended.unwrap();
        }
    })
    .await;
    check_requests_do_not_mix(&trace, 200);
}

#[test]
fn it_does_not_leave_the_process() {
    capture(|| {
        span!("request").in_scope(|| {
            who().bind();
            let mut headers = HashMap::new();
            throughline::inject(&mut headers);
            let text = format!("{headers:?}");
            assert!(["c-1", "u-7", "s-3"].iter().all(|id| !text.contains(id)), "{text}");
        })
    });
}
