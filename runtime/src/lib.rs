//! Throughline.

mod clock;
mod collect;
mod context;
pub mod export;
#[cfg(feature = "http")]
pub mod http;
mod id;
mod init;
#[cfg(feature = "jobs")]
pub mod jobs;
#[cfg(feature = "llm")]
pub mod llm;
#[cfg(feature = "logs")]
pub mod logs;
pub mod propagation;
pub mod sampling;
pub mod semconv;
pub mod span;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use context::baggage;
pub use context::{Attached, BoundValue, Context, ContextParts, Flags, InvalidRequestId, RequestId};
pub use id::{ParseIdError, SpanId, TraceId};
pub use propagation::{extract, inject};
