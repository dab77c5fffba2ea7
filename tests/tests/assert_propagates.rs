//! What `testing::assert_propagates` lets pass, and what it says of what was lost.
#![expect(clippy::disallowed_methods, reason = "a thread loses the context")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use throughline::jobs::{Delivery, Envelope};
use throughline::testing::{Incoming, assert_propagates, assert_propagates_async};
use throughline::{Carried, traced};
use throughline_axum::server_layer;
use throughline_reqwest::RequestBuilderExt as _;
use throughline_tests::wire::{client, serve};

const SEND: u32 = line!() + 1;
#[traced]
fn send() {}

#[traced]
async fn send_later() {
    tokio::task::yield_now().await;
    send();
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What the assertion says of work that loses the request.
#[track_caller]
fn complaint(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the request is lost");
    *panic.downcast::<String>().unwrap()
}

#[track_caller]
fn check_complaint(complaint: &str, expected: &[&str]) {
    for part in expected {
        assert!(complaint.contains(part), "{part:?} is not in: {complaint}");
    }
}

/// A shop that charges at another server and lets a worker send the receipt.
async fn order(request: Incoming) {
    let sent = request.clone();
    let payments = Router::new().route("/", post(async move |headers: HeaderMap| sent.sent(&headers)));
    let payments = serve(payments).await;
    let (queue, mut worker) = tokio::sync::mpsc::unbounded_channel::<String>();
    let shop = post(async move || {
        let charged = client().post(format!("http://{payments}/")).send_traced().await.unwrap();
        assert!(charged.status().is_success());
        queue.send(serde_json::to_string(&Envelope::new("receipts", 7)).unwrap()).unwrap();
    });
    let shop = serve(Router::new().route("/orders", shop).layer(server_layer())).await;
    let worker = tokio::spawn(async move {
        let message = worker.recv().await.unwrap();
        let job: Envelope<u32> = serde_json::from_str(&message).unwrap();
        let failed = job.clone().run(async |_| Err::<(), _>("try again")).await;
        failed.unwrap_err();
        job.at_attempt(2).run(async |_| send_later().await).await;
    });
    let headers = request.headers();
    let call = headers
        .iter()
        .fold(reqwest::Client::new().post(format!("http://{shop}/orders")), |call, (key, value)| {
            call.header(key, value)
        });
    assert!(call.send().await.unwrap().status().is_success());
    worker.await.unwrap();
}

#[test]
fn a_handler_a_client_a_queue_a_retry_and_a_task_are_one_request() {
    let hops = ["POST /orders", "POST", "enqueue receipts", "process receipts", "send"];
    let trace = block_on(assert_propagates_async(&hops, order));
    trace.assert_tree(
        "
        POST /orders [server] (remote parent)
          POST [client]
          enqueue receipts [producer]
            process receipts [consumer] error: try again
        process receipts [consumer]
          send_later
            send
        ",
    );
}

#[test]
fn work_that_is_called_is_part_of_the_request() {
    let trace = assert_propagates(&["send"], |request| {
        send();
        assert_eq!(throughline::request_id(), request.context().request_id());
    });
    trace.assert_tree("send (remote parent)");
}

#[test]
fn a_task_that_lost_the_context_is_named_by_file_and_line() {
    let complaint = complaint(|| {
        block_on(assert_propagates_async(&["send_later"], async |_| {
            tokio::spawn(async { send() }).await.unwrap();
            send_later().await;
        }));
    });
    let place = format!("{}:{SEND}: the span `send` began without the context", file!());
    check_complaint(&complaint, &["the request was lost", &place, "send_later"]);
    check_complaint(&complaint, &["what takes it along: `throughline::spawn`", "the layer of a server"]);
}

#[test]
fn a_worker_that_is_not_given_the_context_is_named_by_file_and_line() {
    let work = |is_carried: bool| {
        move |_: &Incoming| {
            let (jobs, taken) = mpsc::channel::<Carried<()>>();
            let worker = std::thread::spawn(move || {
                taken.iter().for_each(|job| if is_carried { job.run_blocking(|()| send()) } else { send() });
            });
            jobs.send(().into()).unwrap();
            drop(jobs);
            worker.join().unwrap();
        }
    };
    assert_propagates(&["send"], work(true));
    let complaint = complaint(|| drop(assert_propagates(&["send"], work(false))));
    check_complaint(&complaint, &[&format!("{}:{SEND}: the span `send` was not seen", file!())]);
}

#[test]
fn a_queue_that_drops_the_headers_loses_the_trace_or_the_request() {
    let receive = |headers: Vec<(String, String)>| {
        complaint(move || {
            assert_propagates(&["process mails"], |_| {
                Delivery::extract("mails", &headers).run_blocking(send)
            });
        })
    };
    check_complaint(&receive(Vec::new()), &["the span `process mails` began without the context"]);
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned();
    let without_id = receive(vec![("traceparent".to_owned(), parent)]);
    check_complaint(&without_id, &["the span `process mails` is part of another request, `req-"]);
}

#[test]
fn what_is_sent_has_to_carry_both() {
    let send = |change: fn(&mut Vec<(String, String)>)| {
        complaint(move || {
            assert_propagates(&[], |request| {
                let mut headers = request.headers();
                change(&mut headers);
                request.sent(&headers);
            });
        })
    };
    let here = format!("{}:", file!());
    let dropped = send(|headers| headers.retain(|(key, _)| key != "traceparent"));
    check_complaint(&dropped, &[&here, "what was sent has no trace"]);
    let renamed = send(|headers| headers.retain(|(key, _)| key != "X-Request-ID"));
    check_complaint(&renamed, &[&here, "what was sent is part of no request"]);
    let replaced = send(|headers| headers[0].1 = headers[0].1.replace("4bf9", "5bf9"));
    check_complaint(&replaced, &[&here, "what was sent is in another trace, 5bf9"]);
    let unknown = send(|headers| headers[0].1 = headers[0].1.replace("00f0", "11f0"));
    check_complaint(&unknown, &[&here, "continues a span that was not captured"]);
    let trace = assert_propagates(&[], |request| request.sent(&request.headers()));
    assert!(trace.is_empty(), "a request that is passed on as it came is not lost");
}

#[test]
fn a_span_that_has_not_ended_is_told_of() {
    let complaint = complaint(|| {
        assert_propagates(&["send"], |_| {
            let open = throughline::span!("open");
            open.in_scope(send);
            std::mem::forget(open);
        });
    });
    check_complaint(&complaint, &["the parent of the span `send` was not captured; had it ended?"]);
}

#[test]
#[should_panic(expected = "nothing was recorded and nothing sent")]
fn an_assertion_that_nothing_could_break_is_none() {
    assert_propagates(&[], |_| ());
}
