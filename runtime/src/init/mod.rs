//! Configuration, and the only place that wires concrete types.
//!
//! [`init`] takes everything from the environment, [`builder`] lets the program say some of it itself:
//!
//! ```no_run
//! let _guard = throughline::init(); // to the end of `main`: it flushes when it is dropped
//! ```
//!
//! Without any variable, each finished trace is shown on stderr where that is a terminal, and log lines go to the standard
//! output as JSON. The variables of OpenTelemetry behave as its
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/) says, with one
//! exception: without `OTEL_TRACES_EXPORTER` and an endpoint nothing is sent to localhost. An empty value is as none, and the
//! case of their names of exporters, protocols, samplers and the like does not matter.
//!
//! | variable | value | default |
//! |---|---|---|
//! | `OTEL_SERVICE_NAME` | the name of the service, in traces and log lines | `unknown_service:` and the executable |
//! | `OTEL_RESOURCE_ATTRIBUTES` | `key=value,..` for all spans | |
//! | `OTEL_TRACES_EXPORTER` | a list of `otlp`, `otlp_file`, `otlp/stdout`, `zipkin`, `console`, or `none` | `otlp` where an endpoint is set, else `console` where stderr is a terminal |
//! | `OTEL_EXPORTER_OTLP_*`, `OTEL_BSP_*` | see [`OtlpConfig::from_env`](crate::export::otlp::OtlpConfig::from_env) | |
//! | `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` | the proxy of what is sent over HTTP, and the hosts that need none | |
//! | `THROUGHLINE_OTLP_FILE` | the file of `otlp_file`, which is appended to; see [`FileSink`](crate::export::file::FileSink) | `traces.jsonl` |
//! | `OTEL_EXPORTER_ZIPKIN_*` | see [`ZipkinConfig::from_env`](crate::export::zipkin::ZipkinConfig::from_env) | |
//! | `OTEL_METRICS_EXPORTER` | `otlp` or `none`: whether metrics of model calls are sent | `otlp` where an endpoint is set and spans go anywhere |
//! | `OTEL_METRIC_EXPORT_*`, `OTEL_METRICS_EXEMPLAR_FILTER` | see [`MetricsConfig::from_env`](crate::export::otlp::MetricsConfig::from_env) | |
//! | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | see [`Sampler`](crate::sampling::Sampler) | `parentbased_always_on` |
//! | `OTEL_PROPAGATORS` | a list of `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, `xray`, `ottrace`, `datadog`, `gcp`, or `none`: see [`Propagators`](crate::propagation::Propagators) | `tracecontext,baggage` |
//! | `OTEL_SDK_DISABLED` | `true`: no spans; request IDs and log lines stay | `false` |
//! | `OTEL_SPAN_*_LIMIT`, `OTEL_ATTRIBUTE_*_LIMIT` | see [`Limits`] | |
//! | `THROUGHLINE_LOG` | `json`, `pretty`, `off` | `json` |
//! | `THROUGHLINE_FILTER` | what is logged and traced, as in [`Filter`](crate::logs::Filter) | `info` |
//! | `THROUGHLINE_MIRROR` | `true`: spans are shown to the subscribers of `tracing` as well, see [`mirror_spans`](crate::logs::mirror_spans) | `false` |
//! | `RUST_LOG` | what is logged, where `THROUGHLINE_FILTER` is not set; it says nothing about spans, so that quieter logs do not cost traces | |
//! | `THROUGHLINE_REQUEST_ID` | `trust`, `validate`, `always-new`: see [`Policy`](crate::propagation::Policy) | `validate` |
//! | `THROUGHLINE_ORPHANS` | `warn`, `off`: see [`Orphans`] | `off` |
//! | `THROUGHLINE_CAPTURE_CONTENT` | `on`, `off`: see [`Content`](crate::llm::Content) | `off` |
//! | `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` | the same in OpenTelemetry's words, where ours is not set: `NO_CONTENT`, `SPAN_ONLY`, `EVENT_ONLY` (nothing: there are no such events yet), `SPAN_AND_EVENT` (as `SPAN_ONLY`) | `NO_CONTENT` |
//! | `OTEL_SEMCONV_STABILITY_OPT_IN` | `gen_ai_latest_experimental`: the unreleased conventions of model calls, see [`llm`](crate::llm) | |
//! | `THROUGHLINE_PRICES` | a file with prices of model calls | those of `genai-prices` |
//! | `THROUGHLINE_PROFILES` | a list of `openinference`, `langfuse`, `logfire`, or `none`: keys that backends want besides those of the conventions, see [`Profile`](crate::llm::Profile) | `none` |
//!
//! What the program says in code wins over the environment. A value that is malformed is reported once, on stderr, with what
//! is used instead; so is a variable that is not built yet. Nothing here stops a program.
//!
//! Where spans go nowhere (no exporter, no sink), or `OTEL_SDK_DISABLED` is set, tracing is off: annotated functions cost next
//! to nothing and make no trace IDs. Entry points (server layers, jobs) still make and carry request IDs.

mod backend;
mod builder;
mod config;
mod console;
#[cfg(feature = "llm")]
mod content;
mod environment;
mod exporters;
mod guard;
mod limits;
mod log_format;
mod logging;
mod metrics;
mod orphans;
mod problem;
mod profiles;
mod propagation;
mod sampler;
mod start;
mod unbuilt;

pub use backend::Backend;
pub use builder::{Builder, RequestIdSetting};
pub use config::Config;
pub use exporters::Exporter;
pub use guard::Guard;
pub use limits::Limits;
pub use log_format::{LogFormat, ParseLogFormatError};
pub use logging::Logging;
pub use metrics::Metrics;
pub use orphans::{Orphans, ParseOrphansError};
pub use problem::Problem;
pub use profiles::Profiles;

/// Starts tracing and logging as the environment says; see the [module](self). Keep the guard to the end of `main`: when
/// it is dropped, what is finished is handed on.
///
/// A second call changes nothing, and is reported.
///
/// ```no_run
/// let _guard = throughline::init();
/// ```
pub fn init() -> Guard {
    builder().init()
}

/// The same, with some things said by the program, which wins over the environment.
///
/// ```no_run
/// use throughline::init::LogFormat;
/// use throughline::propagation::{Generator, Policy};
/// use throughline::sampling::Sampler;
///
/// let _guard = throughline::builder()
///     .service_name("shop")
///     .sampler(Sampler::ratio(0.1).parent_based())
///     .request_id(Policy::Trust)
///     .request_id(Generator::UuidV4)
///     .log_format(LogFormat::Pretty)
///     .init();
/// ```
pub fn builder() -> Builder {
    // A value that is no UTF-8 is malformed wherever its text matters, and is then reported.
    Builder::new(Config::from_env(|variable| {
        std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned())
    }))
}
