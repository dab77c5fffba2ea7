//! What the program says about tracing and logging.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::init::start::{self, AddSink};
use crate::init::{Config, Exporter, Guard, LogFormat};
use crate::propagation::{Generator, Policy, Propagator, RequestIds};
use crate::report;
use crate::sampling::Sampler;
use crate::span::Sink;

/// What the program says about tracing and logging; see [`builder`](crate::builder).
#[must_use = "a builder does nothing until `init`"]
pub struct Builder {
    config: Config,
    sinks: Vec<AddSink>,
    flush_timeout: Duration,
    #[cfg(feature = "prices")]
    prices: crate::llm::prices::List,
}

/// What [`Builder::request_id`] takes: a [`Policy`], a [`Generator`], or all of [`RequestIds`].
pub trait RequestIdSetting: sealed::Sealed {
    #[doc(hidden)]
    fn apply(self, to: &mut RequestIds);
}

impl Builder {
    /// Starts from a config other than that of the process's environment.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            sinks: Vec::new(),
            flush_timeout: Duration::from_secs(5),
            #[cfg(feature = "prices")]
            prices: crate::llm::prices::List::default(),
        }
    }

    /// The name of the service, in traces and log lines.
    pub fn service_name(mut self, name: &str) -> Self {
        self.config.backend.set_service_name(name);
        self
    }

    /// Adds a sink: all sinks and exporters get every span. A program with a sink of its own shows no traces on stderr
    /// unless it, or the environment, says so.
    pub fn sink(mut self, sink: impl Sink + 'static) -> Self {
        self.sinks.push(Box::new(|builder, config| config.add_sink(builder, sink)));
        self
    }

    /// Where spans go, besides sinks.
    pub fn exporters(mut self, exporters: impl IntoIterator<Item = Exporter>) -> Self {
        self.config.exporters = Some(exporters.into_iter().collect());
        self
    }

    /// Adds the keys that a backend wants besides those of the conventions to spans of model calls, for all exporters
    /// and sinks but the terminal.
    #[cfg(feature = "llm")]
    pub fn profile(mut self, profile: crate::llm::Profile) -> Self {
        self.config.profiles.add(profile);
        self
    }

    /// Which traces are recorded.
    pub fn sampler(mut self, sampler: Sampler) -> Self {
        self.config.sampler = sampler;
        self
    }

    /// Which request IDs are taken ([`Policy`]), how new ones are made ([`Generator`]), or all there is to say
    /// ([`RequestIds`]).
    pub fn request_id(mut self, setting: impl RequestIdSetting) -> Self {
        setting.apply(&mut self.config.propagation.request_ids);
        self
    }

    /// Adds a format of traces and baggage to those of `OTEL_PROPAGATORS`; where it finds a trace, that one counts.
    pub fn propagator(mut self, propagator: impl Propagator + 'static) -> Self {
        self.config.propagation.propagators.add(propagator);
        self
    }

    /// How log lines are written.
    pub fn log_format(mut self, format: LogFormat) -> Self {
        self.config.logging.format = format;
        self
    }

    /// Whether spans are mirrored to the subscribers of `tracing`; see [`mirror_spans`](crate::logs::mirror_spans).
    ///
    /// ```no_run
    /// let _guard = throughline::builder().mirror_spans(true).init();
    /// ```
    #[cfg(feature = "logs")]
    pub fn mirror_spans(mut self, mirror: bool) -> Self {
        self.config.logging.mirror = mirror;
        self
    }

    /// How the content of model calls is recorded: prompts, answers, documents, arguments and results of tools; `None`: not
    /// at all.
    #[cfg(feature = "llm")]
    pub fn content(mut self, content: impl Into<Option<crate::llm::Content>>) -> Self {
        self.config.content = content.into();
        self
    }

    /// What calls of a model cost that is in no public list, or costs you something else: by the provider and the model of
    /// its spans. It wins over the file of `THROUGHLINE_PRICES`, and that over the list that comes with Throughline.
    ///
    /// ```no_run
    /// use throughline::llm::Price;
    ///
    /// let _guard = throughline::builder()
    ///     .price("acme", "m1", Price::per_million(0.8, 3.2).cached(0.08))
    ///     .price("ollama", "llama3.2", Price::per_million(0.0, 0.0))
    ///     .init();
    /// ```
    #[cfg(feature = "prices")]
    #[expect(clippy::needless_pass_by_value, reason = "it is made where it is given")]
    pub fn price(mut self, provider: &str, model: &str, price: crate::llm::Price) -> Self {
        self.prices.add(provider, model, &price);
        self
    }

    /// How long the guard waits at most when it is dropped, 5 seconds unless told.
    pub fn flush_timeout(mut self, timeout: Duration) -> Self {
        self.flush_timeout = timeout;
        self
    }

    /// Changes what there is no function for.
    ///
    /// ```no_run
    /// let _guard = throughline::builder().configure(|config| config.limits.events = 1000).init();
    /// ```
    pub fn configure(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Starts; see [`init`](crate::init()).
    pub fn init(self) -> Guard {
        static STARTED: AtomicBool = AtomicBool::new(false);
        if STARTED.swap(true, Ordering::SeqCst) {
            report::say("init() was called again: what the first call set up stays");
            return Guard(None);
        }
        self.config
            .problems
            .iter()
            .for_each(|problem| report::once(&problem.to_string(), &problem.to_string()));
        self.config.orphans.install();
        #[cfg(feature = "llm")]
        if let Some(content) = self.config.content.clone() {
            crate::llm::set_content(content.within(self.config.limits.value_length));
        }
        #[cfg(feature = "llm")]
        crate::llm::watch();
        #[cfg(feature = "prices")]
        if !self.prices.is_empty() {
            crate::llm::prices::give(&self.prices);
        }
        let started = start::pipeline(&self.config, self.sinks, self.flush_timeout);
        self.config.logging.install(self.config.backend.service_name(), started.is_some());
        if self.config.propagation.install().is_err() {
            report::say("the configuration of propagation is set already, and left alone");
        }
        if started.as_ref().is_some_and(|started| !started.pipeline.install()) {
            report::say("another pipeline is installed already, and left alone: traces go there");
        }
        Guard(started)
    }
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Policy {}
impl sealed::Sealed for Generator {}
impl sealed::Sealed for RequestIds {}

impl RequestIdSetting for Policy {
    fn apply(self, to: &mut RequestIds) {
        to.policy = self;
    }
}

impl RequestIdSetting for Generator {
    fn apply(self, to: &mut RequestIds) {
        to.generator = self;
    }
}

impl RequestIdSetting for RequestIds {
    fn apply(self, to: &mut RequestIds) {
        *to = self;
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("config", &self.config)
            .field("sinks", &self.sinks.len())
            .field("flush_timeout", &self.flush_timeout)
            .finish()
    }
}
