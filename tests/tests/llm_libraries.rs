//! Spans that clients of language models make with `tracing`: what an annotated call around them says already is not
//! recorded twice.

use throughline::logs::TracingSpans;
use throughline::testing::{Trace, capture_async};
use throughline::{FutureExt as _, llm_span, tool_span, traced};
use tracing::instrument::WithSubscriber as _;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::prelude::*;

async fn record(work: impl Future<Output = ()>) -> Trace {
    let subscriber = tracing_subscriber::registry().with(TracingSpans::new());
    capture_async(work.with_subscriber(subscriber)).await
}

/// What a client does.
async fn client(model: &str) {
    let request = async { info_span!("POST", url = "/v1/chat").in_scope(|| ()) };
    let chat = info_span!("client", gen_ai.operation.name = "chat", gen_ai.request.model = model);
    request.instrument(chat).await;
}

#[traced]
async fn helper(model: &str) {
    tokio::task::yield_now().await;
    outer_helper(model).await;
}

#[traced]
async fn outer_helper(model: &str) {
    sync_helper();
    client(model).await;
}

#[traced]
fn sync_helper() {
    info_span!("sync client", gen_ai.operation.name = "chat").in_scope(|| ());
}

#[tool_span]
async fn weather(model: &str) {
    client(model).await;
}

#[tokio::test]
async fn a_call_is_one_span_however_far_below_the_annotation_its_client_is() {
    #[llm_span(provider = "openai", model = "gpt-4o")]
    async fn ask() {
        client("gpt-4o").await;
        helper("gpt-4o").await;
        tokio::spawn(helper("gpt-4o").with_current_subscriber()).await.unwrap();
    }
    #[llm_span(provider = "openai", model = "gpt-4o-mini")]
    fn ask_at_once() {
        sync_helper();
        throughline::span!("part").in_scope(sync_helper);
    }
    let trace = record(async {
        ask().await;
        ask_at_once();
    })
    .await;
    trace.assert_tree(
        "
        chat gpt-4o [client]
          POST
          helper
            outer_helper
              POST
              sync_helper
          helper
            outer_helper
              POST
              sync_helper
        chat gpt-4o-mini [client]
          part
            sync_helper
          sync_helper
        ",
    );
}

#[tokio::test]
async fn calls_beside_behind_and_around_an_annotated_one_are_recorded() {
    #[llm_span(provider = "openai", model = "gpt-4o")]
    async fn ask(then: impl Future<Output = ()>) {
        tokio::task::yield_now().await;
        then.await;
    }
    #[traced]
    async fn request() {
        tokio::join!(ask(async {}), client("beside"));
        client("behind").await;
        ask(weather("of a tool")).await;
    }
    let trace = record(async {
        let outside = throughline::Context::current();
        request().await;
        // Something else's work that happens to be polled there.
        ask(client("elsewhere").in_context(outside)).await;
    })
    .await;
    trace.assert_tree(
        "
        chat gpt-4o [client]
        client
          POST
        request
          chat gpt-4o [client]
          chat gpt-4o [client]
            execute_tool weather
              client
                POST
          client
            POST
          client
            POST
        ",
    );
}

#[tokio::test]
async fn a_new_trace_inside_of_a_call_is_not_a_part_of_it() {
    #[traced(root)]
    async fn evaluation() {
        client("judge").await;
    }
    #[llm_span(provider = "openai", model = "gpt-4o")]
    async fn ask() {
        evaluation().await;
    }
    let trace = record(ask()).await;
    trace.assert_tree(
        "
        chat gpt-4o [client]
        evaluation
          client
            POST
        ",
    );
}
