//! The route of a request.

use std::sync::Arc;

/// The template of the path that was matched, such as `/ask/{id}`: put it into the extensions of a response, and
/// [`ServerLayer`](crate::http::ServerLayer) names the request by it.
///
/// It is for routers that know the route only inside of the layer; where the request's extensions have it when the layer
/// is called, [`ServerLayer::route_from`](crate::http::ServerLayer::route_from) tells it earlier.
///
/// ```
/// use throughline::http::Route;
///
/// let mut response = http::Response::new(());
/// response.extensions_mut().insert(Route::new("/ask/{id}"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route(Arc<str>);

impl Route {
    /// The route with this template, which must be one of few: no part of it may differ from request to request.
    pub fn new(template: &str) -> Self {
        Self(template.into())
    }

    /// The template.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
