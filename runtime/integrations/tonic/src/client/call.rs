//! A call under way.

use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use throughline::Context;
use throughline::semconv;
use throughline::span::{Callsite, Kind, Outcome, Span};
use tonic::{Code, Status};

use crate::client::ClientLayer;
use crate::grpc::{callsite, method};
use crate::status::{self, Ended};

static CLIENT: Callsite = callsite(Kind::Client);

/// A call under way, from the request to the status. Dropped before, it is cancelled.
#[derive(Debug)]
pub(super) struct Call {
    span: Span,
    has_ended: bool,
}

impl Call {
    /// Opens the span of a call, and writes the context into its metadata.
    pub(super) fn begin<B>(layer: &ClientLayer, request: &mut Request<B>) -> Self {
        let span = Span::new(&CLIENT);
        let method = method(request.uri().path());
        span.rename(method);
        span.set(semconv::RPC_METHOD, method);
        span.set(semconv::SERVER_ADDRESS, &*layer.host);
        span.set(semconv::SERVER_PORT, layer.port);
        layer.http.send_context(&span.context(), &layer.host, request.headers_mut());
        Self { span, has_ended: false }
    }

    /// The context of what is done for the call.
    pub(super) fn context(&self) -> Context {
        self.span.context()
    }

    /// The head of the answer is there; the call goes on if its status may follow. It does not in an error of HTTP, whose body
    /// is not of gRPC.
    pub(super) fn answered<R: Body>(self, response: &Response<R>) -> Option<Self> {
        let status = response.status();
        let is_all = status != StatusCode::OK || response.body().is_end_stream();
        let of_http = || is_all.then(|| Ended::of_http(status));
        let Some(ended) = Ended::read(response.headers()).or_else(of_http) else { return Some(self) };
        self.end(&ended);
        None
    }

    /// The answer has ended, with these trailers.
    pub(super) fn completed(self, trailers: Option<&HeaderMap>) {
        self.end(&trailers.and_then(Ended::read).unwrap_or_else(|| Ended::of_http(StatusCode::OK)));
    }

    /// There is no answer, or no more of it.
    pub(super) fn failed(self, status: &Status) {
        self.end(&Ended { code: status.code(), message: status.message().to_owned() });
    }

    fn end(mut self, ended: &Ended) {
        self.has_ended = true;
        self.span.set(semconv::RPC_RESPONSE_STATUS_CODE, ended.name());
        if ended.code != Code::Ok {
            self.span.fail(ended.name(), &ended.message);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // A panic that is under way is what ends the span then.
        if !self.has_ended && !std::thread::panicking() {
            self.span.set_outcome(Outcome::Cancelled);
            self.span.set(semconv::RPC_RESPONSE_STATUS_CODE, status::name(Code::Cancelled));
        }
    }
}
