//! How new request IDs are made.

use std::fmt;
use std::sync::Arc;

use crate::clock;
use crate::context::RequestId;
use crate::id::TraceId;

/// How a new request ID is made. None of them is a secret: they are unique, not unpredictable.
///
/// ```
/// use throughline::propagation::{Config, Generator};
///
/// let mut config = Config::default();
/// config.request_ids.generator = Generator::function(|| "order-17".to_owned());
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// assert_eq!(config.extract(&headers).request_id().unwrap(), "order-17");
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Generator {
    /// `req-` and a UUID of version 7, which sorts by time. For a trace that begins here it is the trace ID itself.
    #[default]
    UuidV7,
    /// `req-` and a UUID of version 4, which tells nothing of the time.
    UuidV4,
    /// `req-`, the milliseconds since 1970, `-`, and 12 random hex digits.
    Timestamp,
    /// A function of your own. Where it returns what is not a request ID, one of [`UuidV7`](Self::UuidV7) is used.
    Function(Arc<dyn Fn() -> String + Send + Sync>),
}

impl Generator {
    /// A function of your own.
    pub fn function(make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self::Function(Arc::new(make))
    }

    /// A new request ID.
    pub fn generate(&self) -> RequestId {
        match self {
            Self::UuidV7 => uuid_v7(),
            Self::UuidV4 => of_uuid(uuid::Builder::from_random_bytes(random())),
            Self::Timestamp => {
                let random = fastrand::u64(..) >> 16;
                RequestId::new_unchecked(&format!("req-{}-{random:012x}", unix_millis()))
            }
            Self::Function(make) => RequestId::new(&make()).unwrap_or_else(|_| uuid_v7()),
        }
    }

    /// Whether the ID of a trace that begins here is what this would make: then nothing needs to be stored.
    pub(crate) fn follows_trace(&self) -> bool {
        matches!(self, Self::UuidV7)
    }
}

fn uuid_v7() -> RequestId {
    let [_, _, _, _, _, _, random @ ..] = random();
    of_uuid(uuid::Builder::from_unix_timestamp_millis(unix_millis(), &random))
}

/// The ID of a trace with the number of this UUID has its form, and needs no storage.
fn of_uuid(uuid: uuid::Builder) -> RequestId {
    let number = uuid.into_uuid().as_u128();
    TraceId::new(number).map_or_else(|| RequestId::new_unchecked("req-0"), RequestId::of_trace)
}

fn random() -> [u8; 16] {
    fastrand::u128(..).to_be_bytes()
}

fn unix_millis() -> u64 {
    clock::unix_millis_at(clock::tick())
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UuidV7 => "UuidV7",
            Self::UuidV4 => "UuidV4",
            Self::Timestamp => "Timestamp",
            Self::Function(_) => "Function(..)",
        })
    }
}
