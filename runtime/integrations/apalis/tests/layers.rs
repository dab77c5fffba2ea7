//! The layer beside others of apalis, around it and inside of it.

mod support;

use std::future::pending;
use std::time::Duration;

use apalis::layers::retry::RetryPolicy;
use apalis::prelude::*;
use support::{Seen, Sent, assert_retried, fails_once, linked, ordering, recorded, sends_on};
use throughline::span::Outcome;
use throughline::testing::{SpanRecord, Trace};
use throughline_apalis::{CarriedContext, EnqueueExt as _, JobLayer};

/// Runs a worker on one task that was enqueued in `req-abc`.
macro_rules! worked {
    (|$worker:ident| $layers:expr, $handler:expr) => {
        async || {
            let mut emails = MemoryStorage::<u32>::new();
            ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
            let $worker = WorkerBuilder::new("mailer").backend(emails).data(Seen::default());
            let _ = $layers.build($handler).run().await;
        }
    };
}

fn layer() -> JobLayer {
    JobLayer::new().queue("emails")
}

#[test]
fn each_try_of_a_retry_around_the_layer_is_a_run() {
    let work = worked!(|worker| worker.retry(RetryPolicy::retries(1)).layer(layer()), fails_once);
    recorded(work, |(), trace| _ = assert_retried(&trace, Some(2)));
}

#[test]
fn all_tries_of_a_retry_inside_of_the_layer_are_one_run() {
    let work = worked!(|worker| worker.layer(layer()).retry(RetryPolicy::retries(1)), fails_once);
    recorded(work, |(), trace| {
        let run = run(&trace);
        assert_eq!((run.outcome(), run.attribute("job.attempt")), (Outcome::Ok, Some(1.into())));
        assert_eq!(trace.spans_named("send").count(), 2);
    });
}

async fn never(_: u32, worker: WorkerContext) -> Result<(), BoxDynError> {
    worker.stop()?;
    pending().await
}

#[test]
fn a_timeout_cancels_from_around_and_fails_from_inside() {
    let work = worked!(|worker| worker.timeout(Duration::ZERO).layer(layer()), never);
    recorded(work, |(), trace| assert_eq!(run(&trace).outcome(), Outcome::Cancelled));
    let work = worked!(|worker| worker.layer(layer()).timeout(Duration::ZERO), never);
    recorded(work, |(), trace| {
        assert_eq!(
            (run(&trace).outcome(), run(&trace).message()),
            (Outcome::Error, Some("request timed out"))
        );
    });
}

async fn panics(_: u32, worker: WorkerContext) -> Result<(), BoxDynError> {
    worker.stop()?;
    panic!("this test wants a panic")
}

#[test]
fn a_panic_is_one_from_inside_and_an_error_where_it_was_caught_before() {
    let work = worked!(|worker| worker.catch_panic().layer(layer()), panics);
    recorded(work, |(), trace| assert_eq!(run(&trace).outcome(), Outcome::Panicked));
    let work = worked!(|worker| worker.layer(layer()).catch_panic(), panics);
    recorded(work, |(), trace| {
        assert_eq!(run(&trace).outcome(), Outcome::Error);
        assert!(run(&trace).message().unwrap().contains("this test wants a panic"));
    });
}

async fn aborts(_: u32, worker: WorkerContext) -> Result<(), BoxDynError> {
    worker.stop()?;
    Err(AbortError::new(std::io::Error::other("the disk is full")).into())
}

#[test]
fn an_abort_is_an_error_of_its_own_kind_with_its_sources() {
    recorded(worked!(|worker| worker.layer(layer()), aborts), |(), trace| {
        let run = run(&trace);
        assert_eq!(run.attribute("error.type"), Some("apalis_core::error::AbortError".into()));
        assert_eq!(run.message(), Some("AbortError: the disk is full"));
    });
}

#[test]
fn a_task_that_was_pushed_otherwise_carries_what_it_is_given_and_none_is_nobodys() {
    async fn stops(last: bool, worker: WorkerContext) -> Result<(), BoxDynError> {
        if last { Ok(worker.stop()?) } else { Ok(()) }
    }
    let work = async || {
        let mut queue = MemoryStorage::<bool>::new();
        let carried = CarriedContext(throughline::extract(&[("x-request-id", "req-abc")]));
        queue.push_task(TaskBuilder::new(false).metadata(&carried).build()).await.unwrap();
        queue.push(true).await.unwrap();
        let worker = WorkerBuilder::new("mailer").backend(queue).layer(JobLayer::new());
        worker.build(stops).run().await.unwrap();
    };
    recorded(work, |(), trace| {
        let runs: Vec<_> = trace.spans_named("process bool").collect();
        assert_eq!(runs[0].attribute("request.id"), Some("req-abc".into()));
        assert_eq!(runs[0].attribute("request.id.minted"), None);
        assert_eq!(runs[1].attribute("request.id.minted"), Some(true.into()));
        assert_ne!(runs[0].trace_id(), runs[1].trace_id());
    });
}

#[test]
fn a_trace_in_the_metadata_wins_and_who_enqueues_is_linked_to_it() {
    let own =
        throughline::extract(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let task = TaskBuilder::new(7).metadata(&CarriedContext(own.clone())).build();
    let work = async || {
        let mut emails = MemoryStorage::<u32>::new();
        ordering(async || emails.enqueue_task("emails", task).await).await.unwrap();
        let worker = WorkerBuilder::new("mailer").backend(emails).layer(layer()).data(Sent::default());
        worker.build(sends_on).run().await.unwrap();
    };
    recorded(work, |(), trace| {
        let own = (own.trace_id().unwrap(), own.span_id().unwrap());
        assert_eq!(linked(&trace.span("enqueue emails")), [own]);
        assert_eq!((run(&trace).trace_id(), run(&trace).parent_id()), (own.0, Some(own.1)));
    });
}

fn run(trace: &Trace) -> SpanRecord {
    let span = trace.span("process emails");
    (*span).clone()
}
