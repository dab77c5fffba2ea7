//! Put an attribute on a function and it becomes a span: timed, typed, tied to the request that caused it.
//!
//! - [`traced`] annotates functions; so do its siblings for language models: [`llm_span`], [`embedding_span`],
//!   [`retrieval_span`], [`rerank_span`], [`tool_span`], [`agent_span`] and [`workflow_span`]; [`job`] is for functions
//!   that work on messages.
//! - [`init()`] configures everything from the environment; [`builder`] lets the program say some of it.
//! - [`request_id`], [`Context`], [`spawn`], [`Carried`], [`extract`] and [`inject`] carry the request to other tasks and
//!   services; [`http`], [`jobs`] and [`process`] do it for servers, clients, queues and programs.
//! - [`set`], [`event!`], [`span!`] and [`Span`] write what attributes cannot know.
//! - [`logs`] puts the IDs into log lines, [`llm`] reads responses of models, [`testing`] captures traces in tests.
//!
//! ```no_run
//! use throughline::traced;
//!
//! #[traced(fields(order.items = items.len()))]
//! fn checkout(items: &[&str]) -> Result<(), std::io::Error> {
//!     items.iter().try_for_each(|item| reserve(item))
//! }
//!
//! #[traced]
//! fn reserve(item: &str) -> Result<(), std::io::Error> {
//!     Ok(())
//! }
//!
//! let _guard = throughline::init(); // to the end of `main`: it flushes when it is dropped
//! checkout(&["tea", "milk"]).unwrap();
//! ```
//!
//! # Features
//!
//! All but `otlp-grpc` are on by default. A library depends on this crate with `default-features = false`, which leaves
//! annotations, context, [`propagation`], [`process`] and [`sampling`]: what becomes of its spans is for programs to say.
//!
//! | feature | what it adds |
//! |---|---|
//! | `http` | [`http`]: layers of tower for servers and clients |
//! | `jobs` | [`jobs`] and [`job`]: context through queues; brings `serde` |
//! | `llm` | [`llm`]: what is read from responses of models; brings `serde` |
//! | `logs` | [`logs`]: lines with the IDs of the request, and spans of `tracing` in the trace; brings `serde` |
//! | `otlp` | [`export::otlp`] over HTTP, [`export::file`], [`export::zipkin`], with TLS and gzip; brings `serde` |
//! | `otlp-grpc` | OTLP over gRPC, by `tonic` on a thread of its own; brings `otlp` |
//! | `prices` | what a model call costs, by the list of `genai-prices`; brings `llm` |
//! | `serde` | `Serialize` for trace, span and request IDs |
//! | `terminal` | [`export::terminal`]: the waterfall |
//! | `testing` | [`testing`]: captured traces |
//! | `tokio` | [`fn@spawn`], [`spawn_blocking`], [`spawn_local`], [`JoinSetExt`] |

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
mod local;
#[cfg(feature = "logs")]
pub mod logs;
mod named;
pub mod process;
pub mod propagation;
mod report;
#[cfg(any(feature = "http", feature = "otlp"))]
mod retry_after;
pub mod sampling;
pub mod semconv;
mod service_name;
pub mod span;
pub mod stats;
mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod unprintable;

#[doc(hidden)]
pub mod __private;

#[cfg(feature = "jobs")]
pub use annotations::job::job;
pub use annotations::language_models::{
    agent_span, embedding_span, llm_span, rerank_span, retrieval_span, tool_span, workflow_span,
};
pub use annotations::traced;
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
pub use tasks::{Carried, thread};
#[cfg(feature = "tokio")]
pub use tasks::{JoinSetExt, spawn, spawn_blocking, spawn_local};

/// The programs of the README and of the pages under `docs`, compiled.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../../docs/migrating-from-tracing.md")]
    struct MigratingFromTracing;

    #[doc = include_str!("../../docs/migrating-from-fastrace.md")]
    struct MigratingFromFastrace;

    #[cfg(feature = "jobs")]
    #[doc = include_str!("../../docs/jobs.md")]
    struct Jobs;
    #[doc = include_str!("../../docs/carriers.md")]
    struct Carriers;
    #[cfg(feature = "logs")]
    #[doc = include_str!("../../docs/logging.md")]
    struct Logging;

    #[cfg(feature = "llm")]
    #[doc = include_str!("../../docs/llm.md")]
    struct LanguageModels;
}
