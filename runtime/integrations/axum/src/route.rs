//! The route that axum matched.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::extract::MatchedPath;
use http::{Extensions, Request, Response};
use pin_project_lite::pin_project;
use throughline::http::Route;
use tower_layer::Layer;
use tower_service::Service;

/// The template of the path that axum matched, from the extensions of a request: for
/// [`ServerLayer::route_from`](throughline::http::ServerLayer::route_from).
pub fn matched_path(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}

/// Tells a [`ServerLayer`](throughline::http::ServerLayer) around the whole router which route was matched.
///
/// ```
/// use axum::{Router, routing::get};
/// use throughline::http::ServerLayer;
/// use throughline_axum::RouteLayer;
/// use tower_layer::Layer;
///
/// let app: Router = Router::new().route("/ask/{id}", get(async || "42")).layer(RouteLayer::new());
/// let service = ServerLayer::new().layer(app);
/// let app: Router = Router::new().fallback_service(service); // for `axum::serve`
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteLayer(());

/// The service that [`RouteLayer`] makes.
#[derive(Clone, Debug)]
pub struct RouteService<S> {
    inner: S,
}

impl RouteLayer {
    /// The layer.
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for RouteLayer {
    type Service = RouteService<S>;

    fn layer(&self, inner: S) -> RouteService<S> {
        RouteService { inner }
    }
}

impl<S, B, R> Service<Request<B>> for RouteService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = RouteFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> RouteFuture<S::Future> {
        let route = matched_path(request.extensions()).map(Route::new);
        RouteFuture { inner: self.inner.call(request), route }
    }
}

pin_project! {
    /// The future of [`RouteService`].
    #[derive(Debug)]
    pub struct RouteFuture<F> {
        #[pin]
        inner: F,
        route: Option<Route>,
    }
}

impl<F, R, E> Future for RouteFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut result = ready!(this.inner.poll(cx));
        if let (Ok(response), Some(route)) = (&mut result, this.route.take()) {
            response.extensions_mut().insert(route);
        }
        Poll::Ready(result)
    }
}
