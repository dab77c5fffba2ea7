//! How a call ended.

use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode;
use tonic::{Code, Status};

/// The status of a call, as it is recorded.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Ended {
    /// The status that headers or trailers have.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let code = Code::from_bytes(headers.get(Status::GRPC_STATUS)?.as_bytes());
        let message = headers.get(Status::GRPC_MESSAGE).map(|text| percent_decode(text.as_bytes()));
        let message = message.map(|text| text.decode_utf8_lossy().into_owned()).unwrap_or_default();
        Some(Self { code, message })
    }

    /// What an answer without a status is taken for, by
    /// [its status of HTTP](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
    pub(crate) fn of_http(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::BAD_REQUEST => Code::Internal,
            StatusCode::UNAUTHORIZED => Code::Unauthenticated,
            StatusCode::FORBIDDEN => Code::PermissionDenied,
            StatusCode::NOT_FOUND => Code::Unimplemented,
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Code::Unavailable,
            _ => Code::Unknown,
        };
        Self { code, message: format!("HTTP {} without a status of gRPC", status.as_u16()) }
    }

    /// Its name.
    pub(crate) const fn name(&self) -> &'static str {
        name(self.code)
    }
}

/// Which statuses are errors of a server, by
/// [the conventions](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/#server).
pub(crate) const fn is_fault_of_server(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}

/// The name of a status in [gRPC's own list](https://github.com/grpc/grpc/blob/master/doc/statuscodes.md).
pub(crate) const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
