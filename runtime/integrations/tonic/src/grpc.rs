//! The conventions of gRPC, as a server's layer asks for them.

use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body;
use throughline::http::{EndFields, Protocol};
use throughline::semconv;
use throughline::span::{Callsite, Kind, ValueView, current};
use tonic::Code;

use crate::status::{self, Ended};

/// Calls of gRPC, by OpenTelemetry's conventions for
/// [gRPC servers](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/#server): what [`server_layer`](crate::server_layer)
/// observes.
#[derive(Clone, Debug, Default)]
pub struct Grpc {
    /// `shop.Catalog/Find`.
    method: String,
    http_status: StatusCode,
    ended: Option<Code>,
}

/// What does not differ between the spans of calls.
pub(crate) const fn callsite(kind: Kind) -> Callsite {
    const CONSTANTS: &[(&str, ValueView<'static>)] = &[(semconv::RPC_SYSTEM_NAME, ValueView::Str("grpc"))];
    Callsite::new(UNKNOWN_NAME, "throughline::grpc", file!(), line!(), &[])
        .with_kind(kind)
        .with_constants(CONSTANTS)
}

/// The name of a span whose method nobody knows.
const UNKNOWN_NAME: &str = "grpc";

static SERVER: Callsite = callsite(Kind::Server);

/// The method that a path names.
pub(crate) fn method(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

impl Protocol for Grpc {
    fn callsite(&self, _: &Method) -> &'static Callsite {
        &SERVER
    }

    fn requested<B>(&mut self, request: &Request<B>) {
        self.method = method(request.uri().path()).to_owned();
        current::rename(&self.method);
        current::set(semconv::RPC_METHOD, &*self.method);
        if let Some(authority) = request.uri().authority() {
            current::set(semconv::SERVER_ADDRESS, authority.host().trim_matches(['[', ']']));
            current::set(semconv::SERVER_PORT, authority.port_u16());
        }
    }

    fn answered<R: Body>(&mut self, response: &mut Response<R>) {
        self.http_status = response.status();
        let Some(ended) = Ended::read(response.headers()) else { return };
        // A router says of a method that it has not got that it is unimplemented, and no more. Its name is the caller's then, and
        // can be anything.
        if ended.code == Code::Unimplemented && ended.message.is_empty() {
            current::rename(UNKNOWN_NAME);
            current::set(semconv::RPC_METHOD, "_OTHER");
            current::set(semconv::RPC_METHOD_ORIGINAL, &*self.method);
        }
        self.end(&ended);
    }

    fn trailed(&mut self, trailers: &HeaderMap) {
        if let Some(ended) = Ended::read(trailers) {
            self.end(&ended);
        }
    }

    fn completed(&mut self) {
        if self.ended.is_none() {
            self.end(&Ended::of_http(self.http_status));
        }
    }

    fn cancelled(&mut self) {
        self.ended = Some(Code::Cancelled);
        current::set(semconv::RPC_RESPONSE_STATUS_CODE, status::name(Code::Cancelled));
    }

    fn end_fields(&self) -> EndFields<'_> {
        EndFields { method: &self.method, rpc_status: self.ended.map(status::name), ..EndFields::default() }
    }
}

impl Grpc {
    fn end(&mut self, ended: &Ended) {
        self.ended = Some(ended.code);
        current::set(semconv::RPC_RESPONSE_STATUS_CODE, ended.name());
        if status::is_fault_of_server(ended.code) {
            current::fail(ended.name(), &ended.message);
        }
    }
}
