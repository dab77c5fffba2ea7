//! What holds in every storage.

/// The tests of a storage. `$start` starts what keeps its tasks, and says where that is, which `$storage` connects to;
/// `$layer` makes the layer of its workers. `$after_loss` is the attempt that a run has after one whose worker was lost.
macro_rules! storage_tests {
    ($start:path, $storage:path, $layer:path, $after_loss:expr) => {
        mod every_storage {
            use std::sync::Arc;

            use apalis::prelude::*;
            use apalis_core::task::status::Status;
            use apalis_core::task::task_id::TaskId;
            use throughline::span::{Kind, Outcome};
            use throughline_apalis::EnqueueExt as _;
            use tokio::sync::Notify;

            use crate::support::killed::{Process, never_ends, place_of_this_process};
            use crate::support::{
                Seen, Sent, assert_clean, assert_retried, assert_run_again, fails_once, hostile_task,
                is_lost_once, ordering, recorded, sends_on, stops,
            };

            /// Waits until the storage knows that the task is worked on: it is told in its own time.
            macro_rules! wait_until_it_runs {
                ($emails:ident, $id:ident) => {
                    while $emails.fetch_by_id(&$id).await.unwrap().unwrap().status() != Status::Running {
                        tokio::task::yield_now().await;
                    }
                };
            }

            fn id() -> TaskId {
                "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
            }

            #[test]
            fn a_task_that_fails_once_is_two_runs_in_two_traces_of_one_request() {
                let Some((place, _server)) = $start() else { return };
                let test = async || {
                    let mut emails = $storage(&place).await;
                    ordering(async || emails.enqueue("emails", 7).await).await.unwrap();
                    let seen = Seen::default();
                    let worker =
                        WorkerBuilder::new("mailer").backend(emails).layer($layer()).data(seen.clone());
                    worker.build(fails_once).run().await.unwrap();
                    seen.all()
                };
                recorded(test, |seen, trace| {
                    assert_eq!(seen, ["req-abc", "req-abc"]);
                    let [first, second] = assert_retried(&trace, Some(2));
                    assert_eq!(
                        (first.outcome(), first.message()),
                        (Outcome::Error, Some("the server is away"))
                    );
                    assert_eq!(second.outcome(), Outcome::Ok);
                    assert_eq!(
                        (first.kind(), first.attribute("messaging.client.id")),
                        (Kind::Consumer, Some("mailer".into()))
                    );
                    let (order, enqueue) = (trace.span("order"), trace.span("enqueue emails"));
                    assert_eq!(
                        (enqueue.kind(), enqueue.parent_id()),
                        (Kind::Producer, Some(order.span_id()))
                    );
                    assert_eq!(enqueue.attribute("messaging.operation.type"), Some("send".into()));
                    let sends: Vec<_> = trace.spans_named("send").map(|send| send.parent_id()).collect();
                    assert_eq!(sends, [Some(first.span_id()), Some(second.span_id())]);
                });
            }

            #[test]
            fn a_task_whose_worker_is_lost_is_run_again_in_a_trace_of_its_own() {
                let Some((place, _server)) = $start() else { return };
                let test = async || {
                    let mut emails = $storage(&place).await;
                    let id = id();
                    let task = TaskBuilder::new(7).task_id(id.clone()).build();
                    ordering(async || emails.enqueue_task("emails", task).await).await.unwrap();
                    let (seen, begun) = (Seen::default(), Arc::new(Notify::new()));
                    let worker = |name: &str, emails| {
                        let worker = WorkerBuilder::new(name).backend(emails).layer($layer());
                        worker.data(seen.clone()).data(begun.clone()).build(is_lost_once)
                    };
                    let runs = async {
                        begun.notified().await;
                        wait_until_it_runs!(emails, id);
                    };
                    tokio::select! {
                        ended = worker("lost", $storage(&place).await).run() => panic!("{ended:?}"),
                        () = runs => {}
                    }
                    worker("mailer", $storage(&place).await).run().await.unwrap();
                    seen.all()
                };
                recorded(test, |seen, trace| {
                    assert_eq!(seen, ["req-abc", "req-abc"]);
                    let [first, second] = assert_retried(&trace, $after_loss);
                    assert_eq!((first.outcome(), second.outcome()), (Outcome::Cancelled, Outcome::Ok));
                });
            }

            #[test]
            fn a_task_whose_worker_is_killed_is_run_again_in_a_trace_of_its_own() {
                if let Some(place) = place_of_this_process() {
                    let test = async || {
                        let worker =
                            WorkerBuilder::new("lost").backend($storage(&place).await).layer($layer());
                        worker.build(never_ends).run().await.unwrap();
                    };
                    return recorded(test, |(), _| panic!("it was not killed"));
                }
                let Some((place, _server)) = $start() else { return };
                let test = async || {
                    let mut emails = $storage(&place).await;
                    let id = id();
                    let task = TaskBuilder::new(7).task_id(id.clone()).build();
                    ordering(async || emails.enqueue_task("emails", task).await).await.unwrap();
                    let name =
                        "every_storage::a_task_whose_worker_is_killed_is_run_again_in_a_trace_of_its_own";
                    let mut process = Process::start(name, &place);
                    assert_eq!(process.begun(), "req-abc");
                    wait_until_it_runs!(emails, id);
                    drop(process);
                    let seen = Seen::default();
                    let worker =
                        WorkerBuilder::new("mailer").backend(emails).layer($layer()).data(seen.clone());
                    worker.build(stops).run().await.unwrap();
                    seen.all()
                };
                recorded(test, |seen, trace| {
                    assert_eq!(seen, ["req-abc"]);
                    let (enqueue, run) = (trace.span("enqueue emails"), trace.span("process emails"));
                    assert_run_again(&run, &enqueue, $after_loss);
                    assert_eq!(run.outcome(), Outcome::Ok);
                    assert_eq!(run.attribute("messaging.client.id"), Some("mailer".into()));
                    assert_eq!(run.attribute("messaging.message.id"), Some(id().to_string().into()));
                });
            }

            #[test]
            fn hostile_metadata_costs_the_context_and_not_the_task() {
                let Some((place, _server)) = $start() else { return };
                let test = async || {
                    let mut emails = $storage(&place).await;
                    emails.push_task(hostile_task()).await.unwrap();
                    let sent = Sent::default();
                    let worker =
                        WorkerBuilder::new("mailer").backend(emails).layer($layer()).data(sent.clone());
                    worker.build(sends_on).run().await.unwrap();
                    sent
                };
                recorded(test, |sent, trace| assert_clean(&sent, &trace));
            }
        }
    };
}

pub(crate) use storage_tests;
