//! A request under way.

use std::any::TypeId;
use std::panic::resume_unwind;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::Body;

use crate::clock;
use crate::context::RequestId;
use crate::http::end_line::{self, EndLine};
use crate::http::server::layer::Options;
use crate::http::server::{Protocol, ResponseBody};
use crate::propagation::{Entry, header_name, read};
use crate::span::current;

/// A request under way: from the moment it came in until its response was sent to the end. Dropped before, it is
/// cancelled.
#[derive(Debug)]
pub(super) struct Exchange<P: Protocol> {
    entry: Entry,
    protocol: P,
    /// The header that brings the request ID back.
    echo: Option<Echo>,
    /// The tick at the start.
    start: u64,
    has_ended: bool,
}

type Echo = (HeaderName, HeaderValue);

/// Says, in the extensions of a request, that a layer for the protocol of this type observes it.
#[derive(Clone)]
struct ObservedAs(TypeId);

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

impl<P: Protocol> Exchange<P> {
    /// Opens the span of a request, unless a layer for the same protocol around this one has done that.
    pub(super) fn begin<B>(options: &Options, mut protocol: P, request: &mut Request<B>) -> Option<Self> {
        let start = clock::tick();
        let own = TypeId::of::<P>();
        let (mut entry, echo) = match request.extensions().get::<ObservedAs>() {
            None => Self::enter(options, &protocol, request),
            Some(ObservedAs(protocol)) if *protocol == own => return None,
            // Another protocol's request carries this one: they have one ID, which the layer of that brings back.
            Some(_) => {
                let request_id = request.extensions().get::<RequestId>()?.clone();
                (Entry::within(protocol.callsite(request.method()), request_id)?, None)
            }
        };
        entry.in_scope(|| protocol.requested(request));
        let request_id = entry.request_id().clone();
        request.extensions_mut().insert(request_id);
        request.extensions_mut().insert(ObservedAs(own));
        Some(Self { entry, protocol, echo, start, has_ended: false })
    }

    /// Opens the span of a request that comes into the process here.
    fn enter<B>(options: &Options, protocol: &P, request: &Request<B>) -> (Entry, Option<Echo>) {
        let config = options.config();
        let incoming = read(config, request.headers());
        let name = incoming.request_id.header().map(|header| &*config.request_ids.headers[header]);
        let name = header_name(name.unwrap_or(&config.request_ids.http_header));
        let entry = Entry::open(protocol.callsite(request.method()), config, incoming, options.relation);
        let echo = name.and_then(|name| {
            let value = id_value(request.headers(), &name, entry.request_id())?;
            Some((name, value))
        });
        (entry, echo)
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
    pub(super) fn answer<R: Body>(mut self, mut response: Response<R>) -> Response<ResponseBody<R, P>> {
        let Self { entry, protocol, .. } = &mut self;
        entry.in_scope(|| protocol.answered(&mut response));
        if let Some((name, value)) = self.echo.take() {
            // A map with as many headers as it can hold is left as it is.
            let _ = response.headers_mut().try_insert(name, value);
        }
        let length = self.protocol.length(&response);
        response.map(|body| ResponseBody::new(body, self, length))
    }

    /// The trailers of the response were taken.
    pub(super) fn trailed(&mut self, trailers: &HeaderMap) {
        let Self { entry, protocol, .. } = self;
        entry.in_scope(|| protocol.trailed(trailers));
    }

    /// Ends it now.
    pub(super) fn end(mut self, end: &End<'_>) {
        self.finish(end);
    }

    fn finish(&mut self, end: &End<'_>) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let has_panicked = self.entry.has_panicked();
        if matches!(end, End::Abandoned) {
            self.entry.abandon();
        }
        let Self { entry, protocol, start, .. } = self;
        entry.in_scope(|| {
            let error = match *end {
                End::Answered => {
                    protocol.completed();
                    None
                }
                End::Abandoned if has_panicked => Some("panicked"),
                End::Abandoned => {
                    protocol.cancelled();
                    Some("cancelled")
                }
                End::Failed { error_type, message } => {
                    current::fail(error_type, message);
                    Some(message)
                }
            };
            let duration_ms = clock::nanos(clock::tick().saturating_sub(*start)) as f64 / 1e6;
            end_line::write(&EndLine { fields: protocol.end_fields(), duration_ms, error });
        });
    }
}

impl<P: Protocol> Drop for Exchange<P> {
    fn drop(&mut self) {
        self.finish(&End::Abandoned);
    }
}

/// The value of the header that brings the ID back: the one it came with where it is the same, which costs no copy.
fn id_value(headers: &HeaderMap, name: &HeaderName, id: &RequestId) -> Option<HeaderValue> {
    id.with_str(|id| {
        let came = headers.get(name).filter(|value| value.as_bytes() == id.as_bytes());
        came.cloned().or_else(|| HeaderValue::from_bytes(id.as_bytes()).ok())
    })
}
