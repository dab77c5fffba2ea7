//! Which agent a span of a model is in: the nearest enclosing one, wherever its work runs.

use futures_util::future::{join, join_all};
use futures_util::{Stream, StreamExt as _};
use throughline::llm::Identity;
use throughline::testing::{SpanNode, Trace, capture, capture_async};
use throughline::{
    FutureExt as _, JoinSetExt as _, agent_span, llm_span, span, tool_span, traced, workflow_span,
};
use tokio::task::{JoinSet, yield_now};

fn text(span: SpanNode<'_>, key: &str) -> String {
    span.attribute(key).map_or_else(String::new, |value| value.as_str().unwrap().to_owned())
}

fn agent(span: SpanNode<'_>) -> String {
    text(span, "gen_ai.agent.name")
}

fn conversation(span: SpanNode<'_>) -> String {
    text(span, "gen_ai.conversation.id")
}

/// The agents of the calls of models, in their order.
fn agents(trace: &Trace) -> Vec<String> {
    trace.spans_named("chat m").map(agent).collect()
}

/// Every call of a model names the agent whose span is the nearest around it.
#[track_caller]
fn check_nearest(trace: &Trace, calls: usize) {
    let asked: Vec<_> = trace.spans_named("chat m").collect();
    assert_eq!(asked.len(), calls, "{}", trace.tree());
    for call in asked {
        let around = call.ancestors().find(|outer| outer.name().starts_with("invoke_agent")).map(agent);
        assert_eq!(agent(call), around.unwrap_or_default(), "{}", trace.tree());
    }
}

#[llm_span(provider = "local", model = "m")]
async fn ask() {
    yield_now().await;
}

#[llm_span(provider = "local", model = "m")]
fn ask_at_once() {}

#[tool_span(name = "lookup")]
fn lookup() {
    ask_at_once();
}

#[agent_span(agent = "writer", id = "w-1")]
async fn writer() {
    ask().await;
    yield_now().await;
    ask().await;
}

#[agent_span(agent = "researcher")]
async fn researcher() {
    ask().await;
    lookup();
    writer().await;
    ask().await;
}

#[traced]
async fn request() {
    ask().await;
    researcher().await;
    ask().await;
}

#[tokio::test]
async fn the_nearest_agent_is_named_and_the_one_around_it_again_after_it() {
    let trace = capture_async(request()).await;
    assert_eq!(agents(&trace), ["", "researcher", "researcher", "writer", "writer", "researcher", ""]);
    assert_eq!(agent(trace.span("execute_tool lookup")), "researcher");
    assert_eq!(agent(trace.root()), "", "the root is no agent's");
    check_nearest(&trace, 7);
}

#[tokio::test]
async fn an_agents_id_goes_with_its_name() {
    #[agent_span(agent = "inner")]
    async fn inner() {
        ask().await;
    }
    #[agent_span(agent = "outer", id = "o-1")]
    async fn outer() {
        ask().await;
        inner().await;
    }
    let trace = capture_async(outer()).await;
    let ids: Vec<_> = trace.spans_named("chat m").map(|span| text(span, "gen_ai.agent.id")).collect();
    assert_eq!(ids, ["o-1", ""], "not that of another agent");
    assert_eq!(text(trace.span("invoke_agent inner"), "gen_ai.agent.id"), "");
}

#[agent_span(agent = name)]
async fn named(name: String) {
    ask().await;
    tokio::spawn(async {
        yield_now().await;
        ask().await;
    })
    .await
    .unwrap();
    join(ask(), async {
        yield_now().await;
        ask_at_once();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_agents_do_not_mix() {
    #[agent_span(agent = "lead")]
    async fn lead() {
        let mut set = JoinSet::new();
        for n in 0..20 {
            set.spawn(named(format!("set-{n}")));
            set.spawn_in_context(async move { named(format!("carried-{n}")).await });
        }
        let spawned: Vec<_> = (0..20).map(|n| tokio::spawn(named(format!("spawned-{n}")))).collect();
        join_all((0..20).map(|n| named(format!("joined-{n}")))).await;
        for task in spawned {
            task.await.unwrap();
        }
        while let Some(ended) = set.join_next().await {
            ended.unwrap();
        }
        ask().await;
    }
    let trace = capture_async(lead()).await;
    check_nearest(&trace, 80 * 4 + 1);
}

#[test]
fn a_sync_agent_ends_with_its_function() {
    #[agent_span(agent = "sync")]
    fn without_a_value() {
        ask_at_once();
    }
    #[agent_span(agent = "fails")]
    fn with_a_result() -> Result<(), std::io::Error> {
        ask_at_once();
        Err(std::io::Error::other("no"))
    }
    #[traced]
    fn request() {
        without_a_value();
        ask_at_once();
        with_a_result().unwrap_err();
        ask_at_once();
    }
    let trace = capture(request);
    assert_eq!(agents(&trace), ["sync", "", "fails", ""]);
}

#[test]
fn an_agent_that_panics_is_left() {
    #[agent_span(agent = "panics")]
    fn panics() {
        ask_at_once();
        panic!("as it should");
    }
    #[traced]
    fn request() {
        std::panic::catch_unwind(panics).unwrap_err();
        ask_at_once();
    }
    let trace = capture(request);
    assert_eq!(agents(&trace), ["panics", ""]);
}

#[tokio::test]
async fn an_agent_that_panics_between_polls_or_is_cancelled_is_left() {
    struct AsksWhenDropped;
    impl Drop for AsksWhenDropped {
        fn drop(&mut self) {
            ask_at_once();
        }
    }
    #[agent_span(agent = "panics")]
    async fn panics() {
        ask().await;
        panic!("as it should");
    }
    #[agent_span(agent = "cancelled")]
    async fn cancelled() {
        let _held = AsksWhenDropped;
        std::future::pending::<()>().await;
    }
    #[traced]
    async fn request() {
        assert!(tokio::spawn(panics()).await.unwrap_err().is_panic());
        let mut cancelled = Box::pin(cancelled());
        assert!(futures_util::poll!(&mut cancelled).is_pending());
        ask().await;
        drop(cancelled);
        ask().await;
    }
    let trace = capture_async(request()).await;
    assert_eq!(agents(&trace), ["panics", "", "cancelled", ""]);
    check_nearest(&trace, 4);
}

#[agent_span(agent = "streams")]
fn streams() -> impl Stream<Item = u8> {
    ask_at_once();
    futures_util::stream::iter([1_u8, 2]).then(async |word| {
        ask().await;
        word
    })
}

#[agent_span(agent = "streams later")]
async fn streams_later() -> Result<impl Stream<Item = u8>, std::io::Error> {
    ask().await;
    Ok(futures_util::stream::iter([1_u8, 2]).then(async |word| {
        ask().await;
        word
    }))
}

#[tokio::test]
async fn a_streamed_agent_is_itself_at_every_item_and_only_there() {
    #[traced]
    async fn request() {
        let mut words = Box::pin(streams());
        ask().await;
        while words.next().await.is_some() {
            ask().await;
        }
    }
    let trace = capture_async(request()).await;
    assert_eq!(agents(&trace), ["streams", "", "streams", "", "streams", ""]);

    #[traced]
    async fn later() {
        let mut words = Box::pin(streams_later().await.unwrap());
        ask().await;
        while words.next().await.is_some() {
            ask().await;
        }
    }
    let trace = capture_async(later()).await;
    assert_eq!(agents(&trace), ["streams later", "", "streams later", "", "streams later", ""]);
}

#[tokio::test]
async fn an_agent_that_returns_a_future_is_itself_in_it() {
    #[agent_span(agent = "block")]
    fn block() -> impl Future<Output = ()> {
        async move {
            ask().await;
        }
    }
    #[agent_span(agent = "work first")]
    fn work_first() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        ask_at_once();
        Box::pin(async move {
            ask().await;
            ask().await;
        })
    }
    #[traced]
    async fn request() {
        block().await;
        ask().await;
        let work = work_first();
        ask().await;
        work.await;
    }
    let trace = capture_async(request()).await;
    assert_eq!(agents(&trace), ["block", "", "work first", "", "work first", "work first"]);
}

#[workflow_span(workflow = "review", conversation = conversation)]
async fn review(conversation: Option<&str>) {
    ask().await;
    researcher().await;
}

#[tokio::test]
async fn a_conversation_of_a_workflow_is_inherited_by_what_is_inside() {
    #[traced]
    async fn request() {
        Identity::new().user("u-7").conversation("c-0").bind();
        review(Some("c-1")).await;
        ask().await;
        review(None).await;
    }
    let trace = capture_async(request()).await;
    let conversations: Vec<_> = trace.spans_named("chat m").map(conversation).collect();
    let (inside, outside) = (["c-1"; 7], ["c-0"; 8]);
    assert_eq!(conversations, [&inside[..6], &outside[..7]].concat());
    assert!(trace.spans_named("chat m").all(|span| text(span, "user.id") == "u-7"));
    assert_eq!(agents(&trace)[..2], ["", "researcher"]);
    assert_eq!(conversation(trace.root()), "c-0");
}

#[tokio::test]
async fn what_an_agent_binds_is_of_the_whole_request() {
    #[agent_span(agent = "binds")]
    async fn binds() {
        yield_now().await;
        throughline::baggage::set("tenant", "blue");
        Identity::new().session("s-3").bind();
        yield_now().await;
        ask().await;
    }
    #[traced]
    async fn request() {
        throughline::baggage::set("region", "north");
        binds().await;
        assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("blue"));
        ask().await;
    }
    let trace = capture_async(request()).await;
    assert_eq!(agents(&trace), ["binds", ""]);
    assert!(trace.spans_named("chat m").all(|span| text(span, "session.id") == "s-3"));
    assert_eq!(text(trace.root(), "session.id"), "s-3");
}

#[tokio::test]
async fn a_call_made_before_the_agent_began_belongs_to_it_where_it_is_awaited() {
    #[agent_span(agent = "given")]
    async fn given(work: impl Future<Output = ()>) {
        work.await;
    }
    #[traced]
    async fn request() {
        given(ask()).await;
        given(ask().in_span(span!("elsewhere"))).await;
    }
    let trace = capture_async(request()).await;
    check_nearest(&trace, 2);
    assert_eq!(agents(&trace), ["given", ""]);
}

#[agent_span(agent = "a")]
async fn counted() -> u8 {
    let call = counted_call();
    call.await;
    1
}

#[llm_span(provider = "local", model = "m")]
async fn counted_call() -> throughline::llm::Usage {
    throughline::llm::Usage { input: 5, output: 1, ..Default::default() }
}

#[tokio::test]
async fn totals_of_agents_are_the_roots() {
    #[traced]
    async fn request() {
        counted().await;
        counted_call().await;
    }
    let trace = capture_async(request()).await;
    assert_eq!(trace.root().attribute("throughline.llm.total.input_tokens").unwrap(), 10);
}
