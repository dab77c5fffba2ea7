//! The way of one request to its receiver, blocking: on the sender's thread only.

mod format;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod http;

use std::borrow::Cow;
use std::io;
use std::time::Duration;

#[cfg(feature = "otlp-grpc")]
use grpc::GrpcTransport;
use http::HttpTransport;
pub(super) use http::certificates;

use super::OtlpConfig;
use super::reply::Reply;
#[cfg(feature = "otlp-grpc")]
use super::{Protocol, Signal};

/// As good as none, and far from what a clock or a header cannot express.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Sends bodies to one address.
#[derive(Debug)]
pub(super) enum Transport {
    Http(HttpTransport),
    #[cfg(feature = "otlp-grpc")]
    Grpc(Box<GrpcTransport>),
}

impl Transport {
    /// Fails when an address, certificate, key or proxy of the config is malformed.
    pub(super) fn new(config: &OtlpConfig) -> io::Result<Self> {
        #[cfg(feature = "otlp-grpc")]
        if config.protocol == Protocol::Grpc && config.signal != Signal::Zipkin {
            return GrpcTransport::new(config).map(Box::new).map(Self::Grpc);
        }
        HttpTransport::new(config).map(Self::Http).map_err(io::Error::other)
    }

    /// What breaks off the request under way, from another thread.
    pub(super) fn breaker(&self) -> Box<dyn FnOnce() + Send> {
        match self {
            Self::Http(http) => Box::new(http.breaker()),
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc(grpc) => Box::new(grpc.breaker()),
        }
    }

    /// A batch as it is sent, again and again: in the receiver's format.
    pub(super) fn pack<'a>(&self, batch: &'a [u8]) -> io::Result<Cow<'a, [u8]>> {
        match self {
            Self::Http(http) => http.pack(batch),
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc(_) => Ok(batch.into()),
        }
    }

    /// Sends what was packed: a body with this number of spans or data points.
    pub(super) fn send(&self, body: &[u8], items: usize) -> Reply {
        match self {
            Self::Http(http) => http.send(body, items),
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc(grpc) => grpc.send(body, items),
        }
    }
}
