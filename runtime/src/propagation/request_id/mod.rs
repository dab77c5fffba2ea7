//! Request IDs in carriers.

mod generator;
mod policy;
mod received;

pub use generator::Generator;
pub use policy::{ParsePolicyError, Policy};
pub(super) use received::read;

use crate::propagation::CarrierKind;

/// Where request IDs are in carriers, which are taken, how new ones are made.
///
/// ```
/// use throughline::propagation::{Config, Generator};
///
/// let mut config = Config::default();
/// config.request_ids.headers = vec!["x-amzn-requestid".into()];
/// config.request_ids.generator = Generator::UuidV4;
/// let context = config.extract(&[("X-Amzn-RequestId", "abc")]);
/// assert_eq!(context.request_id().unwrap(), "abc");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestIds {
    /// The headers that can bring one, the first present wins, whatever the case of their letters. By default
    /// `x-request-id`, `x-correlation-id`, `x-trace-id`.
    pub headers: Vec<Box<str>>,
    /// Which are taken.
    pub policy: Policy,
    /// How new ones are made.
    pub generator: Generator,
    /// The header of HTTP requests that carries it on, and of responses when it came under no name: `x-request-id`.
    pub http_header: Box<str>,
    /// The header of messages that carries it on: `X-Request-ID`, the spelling most often found where case matters.
    pub message_header: Box<str>,
}

impl Default for RequestIds {
    fn default() -> Self {
        Self {
            headers: ["x-request-id", "x-correlation-id", "x-trace-id"].map(Into::into).into(),
            policy: Policy::default(),
            generator: Generator::default(),
            http_header: "x-request-id".into(),
            message_header: "X-Request-ID".into(),
        }
    }
}

impl RequestIds {
    /// The header that carries it on.
    pub(crate) fn outgoing(&self, kind: CarrierKind) -> &str {
        match kind {
            CarrierKind::Http => &self.http_header,
            CarrierKind::Message => &self.message_header,
        }
    }
}
