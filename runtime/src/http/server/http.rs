//! The conventions of HTTP itself.

use std::fmt;

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{Extensions, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;

#[cfg(feature = "llm")]
use crate::http::usage;
use crate::http::{EndFields, Protocol, Route, address, keys, method};
use crate::semconv;
use crate::span::{Callsite, ToValue, current};

/// Requests of HTTP, by OpenTelemetry's conventions for
/// [HTTP servers](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span): what
/// [`ServerLayer::new`](crate::http::ServerLayer::new) observes.
#[derive(Clone, Default)]
pub struct Http {
    pub(super) route_from: Option<RouteFrom>,
    /// Whether the response tells what was used for it.
    #[cfg(feature = "llm")]
    pub(super) reports_usage: bool,
    method: Method,
    /// `GET /ask/{id}`, when the route is known.
    name: Option<String>,
    status: Option<StatusCode>,
}

/// Reads the route out of a request's extensions.
pub(super) type RouteFrom = for<'a> fn(&'a Extensions) -> Option<&'a str>;

impl Protocol for Http {
    fn callsite(&self, method: &Method) -> &'static Callsite {
        &method::callsites(method).server
    }

    fn requested<B>(&mut self, request: &Request<B>) {
        self.method = request.method().clone();
        if current::is_recording() {
            describe(self.callsite(&self.method), request);
        }
        if let Some(route) = self.route_from.and_then(|route| route(request.extensions())) {
            self.set_route(route);
        }
    }

    fn answered<R: Body>(&mut self, response: &mut Response<R>) {
        let status = response.status();
        self.status = Some(status);
        let callsite = self.callsite(&self.method);
        current::record(callsite, [(keys::HTTP_RESPONSE_STATUS_CODE, status.as_u16().to_value())]);
        if status.is_server_error() {
            // The code says it all: the conventions want no message then.
            current::fail(status.as_str(), "");
        }
        if self.name.is_none()
            && let Some(route) = response.extensions().get::<Route>()
        {
            self.set_route(route.as_str());
        }
        #[cfg(feature = "llm")]
        if self.reports_usage && current::is_recording() {
            let request = crate::context::current::get();
            usage::write(&crate::llm::used_by(&request), response.headers_mut());
        }
    }

    fn length<R: Body>(&self, response: &Response<R>) -> Option<u64> {
        if self.method == Method::HEAD || response.status().is_informational() {
            return Some(0);
        }
        let declared = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
        response.body().size_hint().exact().or_else(declared)
    }

    fn end_fields(&self) -> EndFields<'_> {
        EndFields {
            method: self.method.as_str(),
            route: self.name.as_deref().and_then(|name| name.split_once(' ')).map(|(_, route)| route),
            status: self.status.map(|status| status.as_u16()),
            rpc_status: None,
        }
    }
}

impl Http {
    fn set_route(&mut self, route: &str) {
        let name = [self.callsite(&self.method).name, " ", route].concat();
        current::set(semconv::HTTP_ROUTE, route);
        current::rename(&name);
        self.name = Some(name);
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("route_from", &self.route_from.is_some()).finish_non_exhaustive()
    }
}

/// Writes the attributes that are known at the start, on the current span.
fn describe<B>(callsite: &'static Callsite, request: &Request<B>) {
    let (headers, uri) = (request.headers(), request.uri());
    let (host, port) = address::of(uri, headers).unzip();
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    current::record(
        callsite,
        [
            (keys::URL_PATH, uri.path().to_value()),
            (keys::URL_SCHEME, scheme(request).to_value()),
            (keys::SERVER_ADDRESS, host.to_value()),
            (keys::SERVER_PORT, port.flatten().to_value()),
            (keys::USER_AGENT_ORIGINAL, agent.to_value()),
            (keys::NETWORK_PROTOCOL_VERSION, address::version(request.version()).to_value()),
            (keys::HTTP_REQUEST_METHOD_ORIGINAL, method::unknown(callsite, request.method()).to_value()),
        ],
    );
}

/// The scheme that the client used: a proxy that ends TLS tells it in a header.
fn scheme<B>(request: &Request<B>) -> &str {
    let forwarded = request.headers().get("x-forwarded-proto").map(HeaderValue::as_bytes);
    match forwarded {
        Some(b"https") => "https",
        Some(b"http") => "http",
        _ => request.uri().scheme_str().unwrap_or("http"),
    }
}
