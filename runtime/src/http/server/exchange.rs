//! A request under way.

use std::panic::resume_unwind;

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;

use crate::clock;
use crate::context::RequestId;
use crate::http::end_line::{self, EndLine};
use crate::http::server::layer::Options;
use crate::http::server::{ResponseBody, Route};
#[cfg(feature = "llm")]
use crate::http::usage;
use crate::http::{address, keys, method};
use crate::propagation::{Entry, header_name, read};
use crate::semconv;
use crate::span::{Callsite, ToValue, current};

/// A request under way: from the moment it came in until its response was sent to the end. Dropped before, it is
/// cancelled.
#[derive(Debug)]
pub(super) struct Exchange {
    entry: Entry,
    method: Method,
    /// `GET /ask/{id}`, when the route is known.
    name: Option<String>,
    status: Option<StatusCode>,
    /// The header that brings the request ID back.
    echo: Option<(HeaderName, HeaderValue)>,
    /// Whether the response tells what was used for it.
    #[cfg(feature = "llm")]
    reports_usage: bool,
    /// The tick at the start.
    start: u64,
    has_ended: bool,
}

/// How it ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End<'a> {
    /// The response was sent.
    Answered,
    /// The client went away, or the service panicked.
    Abandoned,
    /// The service, or the body of its response, had an error.
    Failed { error_type: &'a str, message: &'a str },
}

impl Exchange {
    pub(super) fn begin<B>(options: &Options, request: &mut Request<B>) -> Self {
        let start = clock::tick();
        let config = options.config();
        let incoming = read(config, request.headers());
        let name = incoming.request_id.header().map(|header| &*config.request_ids.headers[header]);
        let name = header_name(name.unwrap_or(&config.request_ids.http_header));
        let callsite = &method::callsites(request.method()).server;
        let mut entry = Entry::open(callsite, config, incoming, options.relation);
        if entry.span.is_recording() {
            entry.in_scope(|| describe(callsite, request));
        }
        let id = entry.request_id().clone();
        let echo = name.and_then(|name| {
            let value = id_value(request.headers(), &name, &id)?;
            Some((name, value))
        });
        request.extensions_mut().insert(id);
        let mut exchange = Self {
            entry,
            method: request.method().clone(),
            name: None,
            status: None,
            echo,
            #[cfg(feature = "llm")]
            reports_usage: options.reports_usage,
            start,
            has_ended: false,
        };
        if let Some(route) = options.route.and_then(|route| route(request.extensions())) {
            exchange.set_route(route);
        }
        exchange
    }

    /// Runs a piece of the work with its context current. A panic in it ends the exchange and goes on.
    pub(super) fn work<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.entry.work(f).unwrap_or_else(|panic| {
            // Now, for while unwinding a second panic, of a subscriber to log lines, would abort the process.
            self.finish(&End::Abandoned);
            resume_unwind(panic)
        })
    }

    /// Completes the head of the response; its body goes on with the exchange.
    pub(super) fn answer<R: Body>(mut self, mut response: Response<R>) -> Response<ResponseBody<R>> {
        let status = response.status();
        self.status = Some(status);
        let code = status.as_u16();
        let callsite = &method::callsites(&self.method).server;
        self.entry
            .in_scope(|| current::record(callsite, [(keys::HTTP_RESPONSE_STATUS_CODE, code.to_value())]));
        if status.is_server_error() {
            // The code says it all: the conventions want no message then.
            self.entry.span.fail(status.as_str(), "");
        }
        if self.name.is_none()
            && let Some(route) = response.extensions().get::<Route>().cloned()
        {
            self.set_route(route.as_str());
        }
        if let Some((name, value)) = self.echo.take() {
            // A map with as many headers as it can hold is left as it is.
            let _ = response.headers_mut().try_insert(name, value);
        }
        #[cfg(feature = "llm")]
        if self.reports_usage && self.entry.span.is_recording() {
            usage::write(&crate::llm::used_by(&self.entry.span.key()), response.headers_mut());
        }
        let has_no_body = self.method == Method::HEAD || status.is_informational();
        let left = if has_no_body { Some(0) } else { length(&response) };
        response.map(|body| ResponseBody::new(body, self, left))
    }

    /// Ends it now.
    pub(super) fn end(mut self, end: &End<'_>) {
        self.finish(end);
    }

    fn set_route(&mut self, route: &str) {
        let method = method::callsites(&self.method).server.name;
        let name = [method, " ", route].concat();
        self.entry.span.set(semconv::HTTP_ROUTE, route);
        self.entry.span.rename(&name);
        self.name = Some(name);
    }

    fn finish(&mut self, end: &End<'_>) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let error = match *end {
            End::Answered => None,
            End::Abandoned => {
                self.entry.abandon();
                Some(if self.entry.has_panicked() { "panicked" } else { "cancelled" })
            }
            End::Failed { error_type, message } => {
                self.entry.span.fail(error_type, message);
                Some(message)
            }
        };
        let line = EndLine {
            method: self.method.as_str(),
            route: self.name.as_deref().and_then(|name| name.split_once(' ')).map(|(_, route)| route),
            status: self.status.map(|status| status.as_u16()),
            duration_ms: clock::nanos(clock::tick().saturating_sub(self.start)) as f64 / 1e6,
            error,
        };
        self.entry.in_scope(|| end_line::write(&line));
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.finish(&End::Abandoned);
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

/// The value of the header that brings the ID back: the one it came with where it is the same, which costs no copy.
fn id_value(headers: &HeaderMap, name: &HeaderName, id: &RequestId) -> Option<HeaderValue> {
    id.with_str(|id| {
        let came = headers.get(name).filter(|value| value.as_bytes() == id.as_bytes());
        came.cloned().or_else(|| HeaderValue::from_bytes(id.as_bytes()).ok())
    })
}

/// The number of bytes of a body, where it is known.
fn length<R: Body>(response: &Response<R>) -> Option<u64> {
    let declared = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    response.body().size_hint().exact().or_else(declared)
}
