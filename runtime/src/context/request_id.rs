//! The name of one interaction of one client.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::id::TraceId;

/// Names one interaction of one client: made once at the entry point, kept through retries, queues and jobs.
///
/// A valid one is 1 to 128 characters of `A-Z a-z 0-9 . _ : -`.
///
/// ```
/// use throughline::RequestId;
///
/// let id: RequestId = "req-abc".parse().unwrap();
/// assert_eq!(id, "req-abc");
/// assert!("two words".parse::<RequestId>().is_err());
/// ```
#[derive(Clone)]
pub struct RequestId(Repr);

#[derive(Clone)]
enum Repr {
    /// `req-` and the UUID that the trace ID is.
    Trace(TraceId),
    Text(Arc<str>),
}

/// The text is not a request ID: it is empty, longer than 128 characters, or has one that is none of
/// `A-Z a-z 0-9 . _ : -`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRequestId;

impl RequestId {
    /// The number of characters a request ID can have.
    pub const MAX_LEN: usize = 128;

    /// The request ID of a trace that began here: `req-` and the trace ID as a UUID. It needs no storage.
    pub const fn of_trace(trace_id: TraceId) -> Self {
        Self(Repr::Trace(trace_id))
    }

    /// The ID with this text.
    ///
    /// # Errors
    ///
    /// [`InvalidRequestId`] when the text is not one.
    pub fn new(text: &str) -> Result<Self, InvalidRequestId> {
        if Self::is_valid(text.as_bytes()) {
            Ok(Self(Repr::Text(text.into())))
        } else {
            Err(InvalidRequestId)
        }
    }

    /// The ID with this text, whatever it is: for the policy that trusts the sender, and for custom generators.
    pub fn new_unchecked(text: &str) -> Self {
        Self(Repr::Text(text.into()))
    }

    /// Whether these bytes are a request ID.
    pub fn is_valid(text: &[u8]) -> bool {
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"._:-".contains(byte);
        (1..=Self::MAX_LEN).contains(&text.len()) && text.iter().all(allowed)
    }

    /// Calls `f` with the text, which needs no allocation.
    pub fn with_str<R>(&self, f: impl FnOnce(&str) -> R) -> R {
        match &self.0 {
            Repr::Text(text) => f(text),
            Repr::Trace(trace_id) => {
                let mut buffer = *b"req-00000000-0000-0000-0000-000000000000";
                uuid::Uuid::from_u128(trace_id.to_u128()).hyphenated().encode_lower(&mut buffer[4..]);
                f(std::str::from_utf8(&buffer).unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_str(|text| f.pad(text))
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_str(|text| f.debug_tuple("RequestId").field(&text).finish())
    }
}

impl std::str::FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, InvalidRequestId> {
        Self::new(text)
    }
}

impl PartialEq<str> for RequestId {
    fn eq(&self, other: &str) -> bool {
        self.with_str(|text| text == other)
    }
}

impl PartialEq<&str> for RequestId {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialEq for RequestId {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Trace(one), Repr::Trace(two)) => one == two,
            _ => other.with_str(|text| self == text),
        }
    }
}

impl Eq for RequestId {}

impl Hash for RequestId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.with_str(|text| text.hash(state));
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for RequestId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_str(|text| serializer.serialize_str(text))
    }
}

impl fmt::Display for InvalidRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a request ID: expected 1 to 128 characters of A-Z a-z 0-9 . _ : -")
    }
}

impl std::error::Error for InvalidRequestId {}
