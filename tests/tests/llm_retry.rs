//! Attempts inside of what retries: backon, tower, and requests that a server refuses.

mod llm;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use backon::{ExponentialBuilder, Retryable};
use llm::{Trace, call, root};
use throughline::http::ClientLayer;
use throughline::llm::{AttemptLayer, attempt};
use throughline::llm_span;
use throughline::span::Outcome;
use throughline_reqwest::Client;
use throughline_tests::receiver::Nobody;
use throughline_tests::wire::{client, serve};
use tower::retry::{Policy, RetryLayer};
use tower::{ServiceBuilder, ServiceExt, service_fn};

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs `code` as a model call on a runtime of this thread.
fn trace(code: impl AsyncFnOnce()) -> Trace {
    llm::trace(|| root(|| call(|_| block_on(code()))))
}

/// What each attempt says of these keys, in order.
fn attempts<'a>(trace: &'a Trace, key: &str) -> Vec<&'a str> {
    trace.spans("llm attempt").iter().map(|attempt| attempt.get(key)).collect()
}

const ERRORS: &str = "throughline.llm.attempt.errors";
const NUMBER: &str = "throughline.llm.attempt.number";
const RETRY_AFTER: &str = "throughline.llm.attempt.retry_after";

/// A server that answers with these, one after the other, the last one again and again.
async fn server<R: IntoResponse + Clone + Send + Sync + 'static>(answers: &'static [R]) -> String {
    let asked = Arc::new(AtomicU32::new(0));
    let handler = get(async move || {
        let number = asked.fetch_add(1, Ordering::Relaxed) as usize;
        answers[number.min(answers.len() - 1)].clone()
    });
    format!("http://{}/", serve(Router::new().route("/", handler)).await)
}

type Refusal = (StatusCode, [(&'static str, &'static str); 2]);

const fn refusal(status: StatusCode, retry_after: &'static str) -> Refusal {
    (status, [("retry-after", retry_after), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")])
}

const TOO_MANY: Refusal = refusal(StatusCode::TOO_MANY_REQUESTS, "20");
const UNTIL: Refusal = refusal(StatusCode::SERVICE_UNAVAILABLE, "Sun, 06 Nov 1994 08:50:07 GMT");
const ANSWER: Refusal = refusal(StatusCode::OK, "");

async fn ask(http: &Client, url: &str) -> Result<String, reqwest::Error> {
    let request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
    http.execute(request).await?.error_for_status()?.text().await
}

#[llm_span(provider = "openai", model = "gpt-4o-mini")]
async fn ask_again_and_again(http: &Client, url: &str) -> Result<String, reqwest::Error> {
    // No time passes: what is waited is the business of backon.
    let backoff = ExponentialBuilder::default().with_max_times(2);
    (|| attempt(async || ask(http, url).await)).retry(backoff).sleep(|_| std::future::ready(())).await
}

#[test]
fn a_call_that_backon_retries_has_a_child_for_each_attempt_with_its_status_and_wait() {
    let trace = llm::trace(|| {
        block_on(async {
            let url = server(&[TOO_MANY, UNTIL, ANSWER]).await;
            ask_again_and_again(&Client::new(client()), &url).await.unwrap();
        });
    });
    let call = trace.span("chat gpt-4o-mini");
    assert_eq!((call.outcome, call.get("throughline.llm.attempts")), (Outcome::Ok, "3"));
    assert_eq!(call.get(ERRORS), "[429,503]");
    assert_eq!(attempts(&trace, NUMBER), ["1", "2", "3"]);
    assert_eq!(attempts(&trace, "error.type"), ["429", "503", ""]);
    assert_eq!(attempts(&trace, RETRY_AFTER), ["20", "30", ""]);
    let requests = trace.spans("GET");
    for (attempt, request) in trace.spans("llm attempt").iter().zip(&requests) {
        assert_eq!((attempt.parent, request.parent), (Some(call.id), Some(attempt.id)));
    }
    assert_eq!((requests.len(), trace.len()), (3, 7));
}

#[test]
fn a_call_that_backon_gives_up_on_has_the_last_error() {
    let trace = llm::trace(|| {
        block_on(async {
            let url = server(&[TOO_MANY]).await;
            ask_again_and_again(&Client::new(client()), &url).await.unwrap_err();
        });
    });
    let call = trace.span("chat gpt-4o-mini");
    assert_eq!((call.outcome, call.get(ERRORS)), (Outcome::Error, "[429,429,429]"));
    assert_eq!(call.get("error.type"), "reqwest::error::Error");
}

#[test]
fn a_request_without_an_answer_is_told_by_the_type_of_its_error() {
    let trace = trace(async || {
        let (nobody, http) = (Nobody::new(), Client::new(client()));
        let url = server(&[TOO_MANY]).await;
        let last = attempt(async || {
            // The refusal was overcome: what failed is the request after it.
            ask(&http, &url).await.unwrap_err();
            ask(&http, &nobody.url()).await
        });
        last.await.unwrap_err();
    });
    assert_eq!(trace.span("call").get(ERRORS), "[reqwest::error::Error]");
}

#[test]
fn a_refusal_that_was_overcome_within_an_attempt_is_no_failure() {
    let trace = trace(async || {
        let (url, http) = (server(&[TOO_MANY, ANSWER]).await, Client::new(client()));
        let answered = attempt(async || {
            ask(&http, &url).await.unwrap_err();
            ask(&http, &url).await
        });
        answered.await.unwrap();
    });
    assert_eq!(trace.span("llm attempt").outcome, Outcome::Ok);
    assert_eq!(trace.span("call").get(ERRORS), "");
    assert_eq!(attempts(&trace, RETRY_AFTER), ["20"]);
}

/// Retries what is refused, so many times.
#[derive(Clone)]
struct Patience(u32);

impl<E> Policy<http::Request<String>, http::Response<String>, E> for Patience {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut http::Request<String>,
        result: &mut Result<http::Response<String>, E>,
    ) -> Option<Self::Future> {
        let is_refused = result.as_ref().map_or(true, |response| !response.status().is_success());
        self.0 = self.0.checked_sub(1).filter(|_| is_refused)?;
        Some(std::future::ready(()))
    }

    fn clone_request(&mut self, request: &http::Request<String>) -> Option<http::Request<String>> {
        Some(request.clone())
    }
}

#[test]
fn what_tower_retries_has_a_child_for_each_attempt_with_its_status_and_wait() {
    let answered = Arc::new(AtomicU32::new(0));
    let service = service_fn(|_: http::Request<String>| {
        let number = answered.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::task::yield_now().await;
            let response = http::Response::builder();
            let response = match number {
                0 => response.status(429).header("retry-after", "20"),
                1 => return Err("connection reset"),
                _ => response.status(200),
            };
            Ok(response.body(String::new()).unwrap())
        }
    });
    let trace = trace(async || {
        let client = ServiceBuilder::new()
            .layer(RetryLayer::new(Patience(5)))
            .layer(AttemptLayer::new())
            .layer(ClientLayer::new())
            .service(service);
        let request = http::Request::get("http://api.example/").body(String::new()).unwrap();
        assert_eq!(client.oneshot(request).await.unwrap().status(), 200);
    });
    let call = trace.span("call");
    assert_eq!((call.outcome, call.get("throughline.llm.attempts")), (Outcome::Ok, "3"));
    assert_eq!(call.get(ERRORS), "[429,&str]");
    assert_eq!(attempts(&trace, NUMBER), ["1", "2", "3"]);
    assert_eq!(attempts(&trace, RETRY_AFTER), ["20", "", ""]);
    let outcomes: Vec<_> = trace.spans("llm attempt").iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Error, Outcome::Error, Outcome::Ok]);
    for (attempt, request) in trace.spans("llm attempt").iter().zip(trace.spans("GET")) {
        assert_eq!((attempt.parent, request.parent), (Some(call.id), Some(attempt.id)));
    }
}

#[test]
fn an_attempt_of_tower_that_is_dropped_is_cancelled() {
    let trace = trace(async || {
        let service = service_fn(async |(): ()| std::future::pending::<Result<(), String>>().await);
        let mut asked =
            Box::pin(ServiceBuilder::new().layer(AttemptLayer::new()).service(service).oneshot(()));
        assert!(futures_util::poll!(asked.as_mut()).is_pending());
    });
    assert_eq!(trace.span("llm attempt").outcome, Outcome::Cancelled);
    assert_eq!(trace.span("call").get(ERRORS), "[cancelled]");
}
