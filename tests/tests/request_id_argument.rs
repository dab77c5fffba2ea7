//! `request_id = ..`: the function is the work for a request, whose ID the program knows.

use std::collections::HashMap;
use std::fmt;

use futures_util::{Stream, StreamExt as _};
use throughline::testing::{capture, capture_async};
use throughline::{Context, RequestId, baggage, request_id, span, tool_span, traced};

fn current() -> String {
    request_id().map_or_else(String::new, |id| id.to_string())
}

#[traced]
fn inner() -> String {
    current()
}

#[traced(request_id = id)]
fn handle(id: &str) -> String {
    assert_eq!(current(), inner());
    let mut headers = HashMap::new();
    throughline::inject(&mut headers);
    assert_eq!(headers.get("X-Request-ID").cloned().unwrap_or_default(), current());
    current()
}

#[traced(request_id = id)]
async fn handle_async(id: &str) -> String {
    tokio::task::yield_now().await;
    let spawned = tokio::spawn(async {
        tokio::task::yield_now().await;
        inner()
    });
    let in_thread = tokio::task::spawn_blocking(inner).await.unwrap();
    assert_eq!(spawned.await.unwrap(), in_thread);
    assert_eq!(current(), in_thread);
    current()
}

#[test]
fn a_function_runs_under_the_id_and_its_root_has_it() {
    let trace = capture(|| {
        assert_eq!(handle("job-1"), "job-1");
        assert_eq!(current(), "", "it is over");
    });
    trace.assert_tree(
        "
        handle
          inner
        ",
    );
    assert_eq!(trace.root().attribute("request.id").unwrap(), "job-1");
    assert!(trace.span("inner").attribute("request.id").is_none(), "only where it begins");
}

#[tokio::test]
async fn an_async_function_and_what_it_spawns_do_too() {
    let trace = capture_async(async {
        assert_eq!(handle_async("job-1").await, "job-1");
        assert_eq!(current(), "");
    })
    .await;
    assert_eq!(trace.root().attribute("request.id").unwrap(), "job-1");
    assert_eq!(trace.spans_named("inner").count(), 2);
    assert!(trace.spans_named("inner").all(|span| span.request_id().as_deref() == Some("job-1")));
}

#[tokio::test]
async fn it_is_carried_where_tracing_is_off() {
    assert_eq!(handle("job-1"), "job-1");
    assert_eq!(handle_async("job-2").await, "job-2");
    assert_eq!(current(), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_do_not_mix() {
    #[traced]
    async fn check(n: usize) {
        let id = format!("job-{n}");
        assert_eq!(handle_async(&id).await, id);
    }
    let mut set = tokio::task::JoinSet::new();
    for n in 0..200 {
        set.spawn(check(n));
    }
    while let Some(ended) = set.join_next().await {
        ended.unwrap();
    }
}

struct Named(u32);

impl AsRef<str> for Named {
    fn as_ref(&self) -> &str {
        if self.0 == 0 { "zero" } else { "more" }
    }
}

struct Shown(u32);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shown-{}", self.0)
    }
}

macro_rules! given {
    ($value:expr, $ty:ty) => {{
        #[traced(request_id = id)]
        fn given(id: $ty) -> String {
            let _used = &id;
            current()
        }
        given($value)
    }};
}

#[test]
fn what_is_text_can_be_written_or_is_an_id_is_taken() {
    let id: RequestId = "req-1".parse().unwrap();
    assert_eq!(given!(id.clone(), RequestId), "req-1");
    assert_eq!(given!(&id, &RequestId), "req-1");
    assert_eq!(given!(Some(id), Option<RequestId>), "req-1");
    assert_eq!(given!("job", &str), "job");
    assert_eq!(given!("job".to_owned(), String), "job");
    assert_eq!(given!(Some("job"), Option<&str>), "job");
    assert_eq!(given!(Some("job".to_owned()), Option<String>), "job");
    assert_eq!(given!(Named(0), Named), "zero");
    assert_eq!(given!(Some(Named(1)), Option<Named>), "more");
    assert_eq!(given!(7, u64), "7");
    assert_eq!(given!(Some(7), Option<u64>), "7");
    assert_eq!(given!(Shown(3), Shown), "shown-3");
    assert_eq!(given!(Some(Shown(3)), Option<Shown>), "shown-3");
    assert_eq!(given!(None, Option<RequestId>), "");
    assert_eq!(given!(None, Option<&str>), "");
    assert_eq!(given!(None, Option<u64>), "");
    assert_eq!(given!("", &str), "", "an empty text is none");
}

#[traced(request_id = id)]
fn shown(id: impl fmt::Display) -> String {
    current()
}

#[test]
fn an_open_type_is_taken_by_its_bound() {
    assert_eq!(shown(9), "9");
}

struct Job {
    id: Option<String>,
}

impl Job {
    #[traced(request_id = self.id)]
    fn run(&self) -> Result<String, std::io::Error> {
        Ok(current())
    }

    #[tool_span(name = "job", request_id = self.id)]
    async fn run_async(self) -> String {
        current()
    }
}

#[tokio::test]
async fn a_job_without_an_id_keeps_what_is_current() {
    let trace = capture_async(async {
        assert_eq!(Job { id: Some("job-7".to_owned()) }.run().unwrap(), "job-7");
        let fresh = Job { id: None }.run().unwrap();
        assert!(fresh.starts_with("req-"), "of its trace: {fresh}");
        assert_eq!(Job { id: Some("job-8".to_owned()) }.run_async().await, "job-8");
    })
    .await;
    let roots: Vec<_> = trace.roots().filter_map(|root| root.request_id()).collect();
    assert_eq!((&*roots[0], &*roots[2]), ("job-7", "job-8"));
}

#[test]
fn an_id_that_is_none_is_replaced_and_kept() {
    let trace = capture(|| {
        let id = handle("two words\n");
        assert!(id.starts_with("req-"), "{id}");
    });
    let root = trace.root();
    assert_eq!(root.attribute("request.id.replaced").unwrap(), "two words\\n");
    assert!(root.request_id().unwrap().starts_with("req-"));

    let trace = capture(|| handle(&"ö".repeat(1000)));
    assert_eq!(trace.root().attribute("request.id.replaced").unwrap().as_str().unwrap().len(), 128);
}

#[test]
fn a_request_within_another_has_what_that_bound_and_keeps_its_own() {
    #[traced(request_id = id)]
    fn job(id: u32) {
        assert_eq!(baggage::get("tenant").as_deref(), Some("blue"));
        baggage::set("job", &id.to_string());
        assert_eq!(current(), id.to_string());
    }
    #[traced]
    fn worker() {
        baggage::set("tenant", "blue");
        job(1);
        job(2);
        assert_eq!(baggage::get("job"), None, "it is of another request");
        assert!(current().starts_with("req-"));
    }
    let trace = capture(worker);
    trace.assert_tree(
        "
        worker
          job
          job
        ",
    );
    let ids: Vec<_> = trace.spans_named("job").map(|span| span.attribute("request.id").unwrap()).collect();
    assert_eq!(ids, ["1", "2"], "the span with which a request begins has its ID");
}

#[test]
fn it_goes_with_a_parent_and_with_a_root() {
    #[traced(request_id = "job-1", root)]
    fn root() -> String {
        current()
    }
    #[traced(request_id = "job-2", parent = parent)]
    fn child(parent: Context) -> String {
        current()
    }
    let trace = capture(|| {
        span!("outer").in_scope(|| {
            assert_eq!(root(), "job-1");
            let elsewhere = span!("elsewhere");
            assert_eq!(child(elsewhere.context()), "job-2");
        })
    });
    assert_ne!(trace.span("root").trace_id(), trace.span("outer").trace_id());
    assert_eq!(trace.span("root").attribute("request.id").unwrap(), "job-1");
    assert_eq!(trace.span("child").parent().unwrap().name(), "elsewhere");
}

#[tokio::test]
async fn a_stream_runs_under_the_id() {
    #[traced(request_id = id)]
    fn stream(id: u32) -> impl Stream<Item = String> {
        futures_util::stream::iter([1, 2]).map(|_| current())
    }
    let items: Vec<String> = stream(5).collect().await;
    assert_eq!(items, ["5", "5"]);
    assert_eq!(current(), "");
}

#[test]
fn a_function_that_panics_is_left() {
    #[traced(request_id = "job-1")]
    fn panics() {
        panic!("as it should");
    }
    std::panic::catch_unwind(panics).unwrap_err();
    assert_eq!(current(), "");
}

#[tokio::test]
async fn a_call_without_an_id_follows_the_span_it_is_put_into() {
    use throughline::FutureExt as _;

    #[traced(request_id = id)]
    async fn optional(id: Option<&str>) {}

    let trace = capture_async(async { optional(None).in_span(span!("around")).await }).await;
    trace.assert_tree(
        "
        around
          optional
        ",
    );
}
