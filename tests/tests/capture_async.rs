//! The capture of async code, on a runtime of several threads and on none.

use throughline::testing::{capture_async, capture_async_returning};
use throughline::{FutureExt, span};

async fn answer(question: usize) -> usize {
    let look_up = async {
        tokio::task::yield_now().await;
        span!("index").end();
    };
    look_up.in_span(span!("look up")).await;
    question + 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn tasks_spawned_from_a_span_belong_to_its_capture() {
    let trace = capture_async(async {
        let ask = async {
            let tasks: Vec<_> = (0..4).map(|n| throughline::spawn(answer(n))).collect();
            for task in tasks {
                task.await.unwrap();
            }
        };
        ask.in_span(span!("ask")).await;
    })
    .await;
    trace.assert_tree(
        "
        ask
          look up
            index
          look up
            index
          look up
            index
          look up
            index
        ",
    );
    trace.assert_connected();
}

#[tokio::test]
async fn a_task_spawned_outside_of_any_span_belongs_to_the_capture_too() {
    let trace = capture_async(async { throughline::spawn(answer(1)).await.map(drop).unwrap() }).await;
    trace.assert_tree("look up\n  index");
}

#[tokio::test]
async fn captures_that_run_at_once_on_one_thread_do_not_mix() {
    let one = capture_async_returning(answer(1));
    let two = capture_async_returning(async { answer(2).await + answer(3).await });
    let ((one, first), (two, second)) = tokio::join!(one, two);
    assert_eq!((one, first.len()), (2, 2));
    assert_eq!((two, second.len()), (7, 4));
}

#[tokio::test]
async fn nothing_is_captured_of_what_runs_beside() {
    let beside = span!("beside");
    let trace = beside.in_scope(|| capture_async(answer(1))).await;
    trace.assert_tree("look up\n  index");
}
