//! Throughline.

mod annotations;
mod clock;
mod collect;
mod context;
pub mod export;
#[cfg(feature = "http")]
pub mod http;
mod id;
pub mod init;
mod installed;
#[cfg(feature = "jobs")]
pub mod jobs;
#[cfg(feature = "llm")]
pub mod llm;
#[cfg(feature = "logs")]
pub mod logs;
pub mod propagation;
mod report;
pub mod sampling;
pub mod semconv;
pub mod span;
pub mod stats;
mod tasks;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use annotations::{llm_span, retrieval_span, tool_span, traced};
pub use collect::{Entered, Flush, Head, Pipeline, PipelineBuilder};
pub use context::baggage;
pub use context::{Attached, BoundValue, Context, ContextParts, Flags, InvalidRequestId, RequestId};
pub use id::{ParseIdError, SpanId, TraceId};
pub use init::{Builder, Guard, builder, init};
pub use installed::{current, flush, flush_async, request_id, span_id, stats, trace_id};
pub use propagation::{extract, inject};
pub use span::Span;
pub use span::current::set;
pub use span::future::FutureExt;
pub use span::stream::StreamExt;
pub use stats::Stats;
pub use tasks::thread;
#[cfg(feature = "tokio")]
pub use tasks::{JoinSetExt, spawn, spawn_blocking};
