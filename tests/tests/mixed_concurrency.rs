//! A thousand requests at once, over real connections, whose work is mixed across tasks, threads, blocking work, streams, timers
//! and arms of `select!` that are cancelled: every line has the ID of the request it was written for.
#![expect(clippy::disallowed_methods, reason = "threads are what is tested")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use futures_util::{Stream, StreamExt as _};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use throughline::logs::JsonLayer;
use throughline::{Pipeline, traced};
use throughline_axum::server_layer;
use throughline_tests::lines::Lines;
use tokio::net::TcpListener;
use tokio::sync::{Barrier, oneshot};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

const REQUESTS: usize = 1000;

/// What the work for each request writes, and how often.
const PLACES: [(&str, u64); 12] = [
    ("handler", 1),
    ("function", 2),
    ("task of a function", 1),
    ("task of a block", 1),
    ("task of a task", 1),
    ("blocking", 1),
    ("thread", 1),
    ("stream", 3),
    ("timer", 2),
    ("cancelled arm", 1),
    ("end of the cancelled arm", 1),
    ("arm", 1),
];

fn say(token: &str, place: &'static str) {
    tracing::info!(token, place, "said");
}

async fn handle(Path(token): Path<String>, State(all): State<Arc<Barrier>>) -> String {
    say(&token, "handler");
    all.wait().await;
    work(token.clone()).await;
    token
}

#[traced]
async fn work(token: String) {
    say(&token, "function");
    let of_function = tokio::spawn(task(token.clone()));
    let of_block = tokio::spawn({
        let token = token.clone();
        async move {
            tokio::task::yield_now().await;
            say(&token, "task of a block");
        }
    });
    let blocking = tokio::task::spawn_blocking({
        let token = token.clone();
        move || say(&token, "blocking")
    });
    let (ended, thread) = oneshot::channel();
    std::thread::spawn({
        let token = token.clone();
        move || {
            say(&token, "thread");
            let _ = ended.send(());
        }
    });
    let items = numbers(token.clone()).collect::<Vec<_>>();
    let (of_function, of_block, blocking, thread, items, ()) =
        tokio::join!(of_function, of_block, blocking, thread, items, choose(token.clone()));
    of_function.and(of_block).and(blocking).unwrap();
    thread.unwrap();
    assert_eq!(items, [0, 1, 2]);
    say(&token, "function");
}

#[traced]
async fn task(token: String) {
    say(&token, "task of a function");
    let inner = tokio::spawn({
        let token = token.clone();
        async move { say(&token, "task of a task") }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    say(&token, "timer");
    inner.await.unwrap();
}

#[traced]
fn numbers(token: String) -> impl Stream<Item = u32> {
    futures_util::stream::iter(0..3).then(move |number| {
        let token = token.clone();
        async move {
            tokio::task::yield_now().await;
            say(&token, "stream");
            number
        }
    })
}

/// One arm never ends, so that it is the one to be cancelled.
#[traced]
async fn choose(token: String) {
    tokio::select! {
        biased;
        () = endless(token.clone()) => unreachable!("it never ends"),
        () = tokio::time::sleep(Duration::from_millis(1)) => say(&token, "timer"),
    }
    say(&token, "arm");
}

#[traced]
async fn endless(token: String) {
    let _end = SaysItsEnd(token.clone());
    say(&token, "cancelled arm");
    std::future::pending::<()>().await;
}

struct SaysItsEnd(String);

impl Drop for SaysItsEnd {
    fn drop(&mut self) {
        say(&self.0, "end of the cancelled arm");
    }
}

/// Answers this many requests that are all there before one of them is worked on.
async fn serve_all_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new()
        .route("/{token}", get(handle))
        .layer(server_layer())
        .with_state(Arc::new(Barrier::new(REQUESTS)));
    let (stop, stopped) = oneshot::channel();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move { stopped.await.unwrap() });
    let server = tokio::spawn(async move { serving.await });
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    let asked = (0..REQUESTS).map(|number| {
        let request = client.get(format!("http://{address}/token-{number}"));
        let request = request.header("x-request-id", format!("req-{number}"));
        async move {
            let response = request.send().await.unwrap();
            assert_eq!(response.headers()["x-request-id"], format!("req-{number}"));
            assert_eq!(response.text().await.unwrap(), format!("token-{number}"));
        }
    });
    futures_util::future::join_all(asked).await;
    // When the server is done, so is the last line of each request.
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

/// Each request takes a file at either end of its connection.
fn allow_open_files() {
    let wanted = 2 * REQUESTS as u64 + 200;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
            .expect("as many files may be open as there are requests");
    }
}

/// The lines of all requests, on a runtime of several threads.
fn lines(written: &Lines) -> Vec<Value> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let patience = Duration::from_secs(120);
    runtime.block_on(async { tokio::time::timeout(patience, serve_all_at_once()).await }).expect("it ends");
    drop(runtime);
    written.take_json()
}

/// Each line has the ID of its request, and each request has all its lines.
#[track_caller]
fn check(lines: &[Value]) {
    let mut counts: BTreeMap<(String, &str), u64> = BTreeMap::new();
    for line in lines {
        let id = line["request_id"].as_str().unwrap_or_else(|| panic!("no request: {line}"));
        let place = if line["message"] == "request" {
            "end line"
        } else {
            let token = line["token"].as_str().unwrap();
            assert_eq!(token.strip_prefix("token-"), id.strip_prefix("req-"), "{line}");
            line["place"].as_str().unwrap()
        };
        *counts.entry((id.to_owned(), place)).or_default() += 1;
    }
    for number in 0..REQUESTS {
        let id = format!("req-{number}");
        for (place, count) in PLACES.into_iter().chain([("end line", 1)]) {
            assert_eq!(counts.remove(&(id.clone(), place)), Some(count), "{id}, {place}");
        }
    }
    assert_eq!(counts, BTreeMap::new(), "lines that nobody expected");
}

#[test]
fn each_line_of_a_thousand_requests_at_once_has_the_id_of_its_own_request() {
    allow_open_files();
    let written = Lines::default();
    let layer = JsonLayer::new().with_writer(written.clone());
    tracing_subscriber::registry().with(layer).with(LevelFilter::INFO).init();

    let off = lines(&written);
    check(&off);
    assert!(off.iter().all(|line| line["trace_id"].is_null()), "nothing is traced yet");

    let pipeline = Pipeline::builder().start().unwrap();
    pipeline.install();
    let on = lines(&written);
    check(&on);
    let pairs: BTreeSet<(&str, &str)> = on
        .iter()
        .map(|line| (line["request_id"].as_str().unwrap(), line["trace_id"].as_str().unwrap()))
        .collect();
    let traces: BTreeSet<&str> = pairs.iter().map(|(_, trace)| *trace).collect();
    assert_eq!((pairs.len(), traces.len()), (REQUESTS, REQUESTS), "one trace for each request");
}
