//! Attempts of what tower retries.

use std::fmt;
use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::{Attempt, Watched};
use crate::FutureExt as _;
use crate::span::future::InSpan;

/// Makes every request an [`attempt`](crate::llm::attempt): put it inside of what retries, such as `tower::retry`.
///
/// A response is no error to tower, whatever its status: with [`ClientLayer`](crate::http::ClientLayer) or the adapter for
/// reqwest inside of this layer its status and its `Retry-After` are known, and one of 400 and above fails the attempt.
///
/// ```
/// use throughline::http::ClientLayer;
/// use throughline::llm::AttemptLayer;
/// use tower::{ServiceBuilder, service_fn};
///
/// # async fn send(_: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> {
/// #     Ok(http::Response::new(String::new()))
/// # }
/// let client = ServiceBuilder::new()
///     // .layer(tower::retry::RetryLayer::new(policy))
///     .layer(AttemptLayer::new())
///     .layer(ClientLayer::new())
///     .service(service_fn(send));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct AttemptLayer;

impl AttemptLayer {
    /// The layer.
    pub const fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for AttemptLayer {
    type Service = Attempts<S>;

    fn layer(&self, inner: S) -> Attempts<S> {
        Attempts { inner }
    }
}

/// The service that [`AttemptLayer`] makes.
#[derive(Clone, Debug)]
pub struct Attempts<S> {
    inner: S,
}

impl<S, R> Service<R> for Attempts<S>
where
    S: Service<R>,
    S::Error: Display,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AttemptFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (span, mut attempt) = Attempt::begin();
        let call = span.in_scope(|| Attempt::work(&mut attempt, || self.inner.call(request)));
        AttemptFuture { inner: Watched::new(call, attempt).in_span(span) }
    }
}

pin_project! {
    /// The future of [`Attempts`].
    #[must_use = "futures do nothing unless polled"]
    pub struct AttemptFuture<F> {
        #[pin]
        inner: InSpan<Watched<F>>,
    }
}

impl<F, T, E> Future for AttemptFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: Display,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, E>> {
        self.project().inner.poll(cx)
    }
}

impl<F> fmt::Debug for AttemptFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptFuture").finish_non_exhaustive()
    }
}
