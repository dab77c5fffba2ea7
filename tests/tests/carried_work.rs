//! Work that is started by other means than an annotated call, and goes on with the context of who started it.

mod support;

use std::pin::Pin;
use std::sync::mpsc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use support::{check, check_async};
use throughline::thread::ScopeExt as _;
use throughline::{Carried, Context, FutureExt as _, JoinSetExt as _, span, traced};
use tokio::task::{JoinSet, LocalSet};

#[traced]
fn leaf() {}

#[traced]
async fn async_leaf() {
    tokio::task::yield_now().await;
}

async fn not_annotated() {
    async_leaf().await;
}

#[traced]
async fn joins_a_set() {
    let mut set = JoinSet::new();
    set.spawn_in_context(not_annotated());
    set.spawn_blocking_in_context(leaf);
    set.spawn_local_in_context(async {
        let not_sendable = std::rc::Rc::new(());
        async_leaf().await;
        drop(not_sendable);
    });
    set.spawn(async_leaf());
    assert_eq!(set.join_all().await.len(), 4);
}

#[test]
fn tasks_of_a_join_set_are_part_of_the_trace() {
    let spans = support::spans_of(LocalSet::new().run_until(joins_a_set()));
    let mut lines: Vec<&str> = spans.lines().collect();
    // The blocking thread goes its own pace.
    lines.sort_unstable();
    assert_eq!(lines, ["  async_leaf", "  async_leaf", "  async_leaf", "  leaf", "joins_a_set"]);
}

#[traced]
fn builds_threads() {
    let builder = throughline::thread::Builder::new().name("named".to_owned()).stack_size(1 << 18);
    let name = builder.spawn(|| {
        leaf();
        std::thread::current().name().map(str::to_owned)
    });
    assert_eq!(name.unwrap().join().unwrap().as_deref(), Some("named"));
    let borrowed = String::from("borrowed");
    std::thread::scope(|scope| {
        scope.spawn_in_context(leaf).join().unwrap();
        let builder = throughline::thread::Builder::from(std::thread::Builder::new());
        let length = builder.spawn_scoped(scope, || {
            leaf();
            borrowed.len()
        });
        assert_eq!(length.unwrap().join().unwrap(), 8);
    });
    throughline::thread::spawn(leaf).join().unwrap();
}

#[test]
fn threads_of_a_builder_and_of_a_scope_are_part_of_the_trace() {
    check(builds_threads, &[&["builds_threads"][..], &["  leaf"; 4]].concat());
}

type Work = FuturesUnordered<Pin<Box<dyn Future<Output = ()> + Send>>>;

#[traced]
fn pushes(work: &Work) {
    work.push(Box::pin(async_leaf()));
    work.push(Box::pin(not_annotated().in_current_context()));
    work.push(Box::pin(not_annotated()));
}

#[traced]
async fn drives(mut work: Work) {
    while work.next().await.is_some() {}
}

#[test]
fn futures_that_wait_together_belong_to_who_called_or_wrapped_them() {
    check_async(
        async {
            let work = Work::new();
            pushes(&work);
            drives(work).await;
        },
        &["pushes", "  async_leaf", "  async_leaf", "drives", "  async_leaf"],
    );
}

#[traced]
fn sends(name: &str, to: &mpsc::Sender<Carried<String>>) {
    to.send(Carried::new(name.to_owned())).unwrap();
}

#[traced(fields(what = what))]
fn receives(what: &str) {}

#[traced(fields(what = what))]
async fn async_receives(what: String) {
    tokio::task::yield_now().await;
}

#[traced]
fn drains(from: &mpsc::Receiver<Carried<String>>) {
    let first = from.recv().unwrap();
    assert_eq!(first.inner(), "first");
    first.run_blocking(|what| receives(&what));
    leaf();
    let mut second = from.recv().unwrap();
    second.inner_mut().push('!');
    support::block_on(second.run(async_receives));
    let third = from.recv().unwrap();
    support::block_on(third.run(|what| async move { receives(&what) }));
}

#[test]
fn a_message_is_worked_on_in_the_context_it_was_sent_in() {
    check(
        || {
            let (sender, receiver) = mpsc::channel();
            span!("one").in_scope(|| sends("first", &sender));
            sends("second", &sender);
            sends("third", &sender);
            drains(&receiver);
        },
        &[
            "one",
            "  sends",
            "    receives what=\"first\"",
            "sends",
            "  async_receives what=\"second!\"",
            "sends",
            "  receives what=\"third\"",
            "drains",
            "  leaf",
        ],
    );
}

#[test]
fn a_message_brings_the_request_id_without_any_trace() {
    let context = throughline::extract(&[("x-request-id", "req-abc")]);
    let message = {
        let _attached = context.attach();
        Carried::from(7)
    };
    assert_eq!(throughline::request_id(), None);
    assert_eq!(message.context().request_id().unwrap(), "req-abc");
    let (number, id) = message.clone().run_blocking(|number| (number, throughline::request_id()));
    assert_eq!((number, id.unwrap().to_string()), (7, "req-abc".to_owned()));
    assert!(Carried::with_context(message.into_inner(), Context::default()).context().is_empty());
}
