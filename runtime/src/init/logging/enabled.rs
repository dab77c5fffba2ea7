//! With the feature `logs`.

use tracing_core::LevelFilter;

use crate::init::LogFormat;
use crate::init::environment::Environment;
use crate::logs::{self, Filter, Lines, capture_log_records};
use crate::{report, span};

/// What is logged, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logging {
    /// The format of lines.
    pub format: LogFormat,
    /// Which events are logged, and become events of spans.
    pub filter: Filter,
    /// Which spans are recorded.
    pub span_filter: Filter,
    /// Whether spans are mirrored to the subscribers of `tracing`; see [`mirror_spans`](logs::mirror_spans).
    pub mirror: bool,
}

const FILTER: &str = "THROUGHLINE_FILTER";
const MIRROR: &str = "THROUGHLINE_MIRROR";
const FALLBACK: &str = "RUST_LOG";

const SUBSCRIBER: &str = "a global subscriber of tracing is set already, and left alone; for log lines with the IDs of \
                          the request add throughline::logs::JsonLayer to it, for events of spans SpanEvents, for the \
                          spans of other libraries TracingSpans";

/// Says which lines were lost and not spoken of yet.
pub(in crate::init) fn say_lost_lines() {
    logs::say_rest();
}

impl Logging {
    pub(in crate::init) fn read(environment: &mut Environment<'_>) -> Self {
        let format = environment.parse(&[LogFormat::VARIABLE], LogFormat::default());
        let ours = environment.read(FILTER).is_some();
        let filter = environment.parse(&[FILTER, FALLBACK], Filter::default());
        // Who asks all programs for fewer log lines does not ask this one for fewer traces.
        let span_filter = if ours { filter.clone() } else { Filter::default() };
        let foreign: Vec<_> =
            span_filter.about_spans_of_tracing().map(|directive| format!("`{directive}`")).collect();
        if !foreign.is_empty() {
            let problem = format_args!("{} is about spans of `tracing`", foreign.join(", "));
            environment.problem(FILTER, problem, "spans of Throughline go by target and level alone");
        }
        Self { format, filter, span_filter, mirror: environment.is_true(MIRROR) }
    }

    /// Sets the filter of spans, the subscriber of `tracing` and the logger of `log`, where there are none yet. A program
    /// that wants no lines, and records no spans that events could be on, needs neither.
    pub(in crate::init) fn install(&self, service_name: &str, is_tracing: bool) {
        let spans = self.span_filter.clone();
        span::set_filter(move |callsite| spans.enabled(callsite.target, callsite.level));
        if self.mirror {
            logs::mirror_spans();
        }
        if self.format == LogFormat::Off && !is_tracing {
            return;
        }
        let lines = match self.format {
            LogFormat::Json => Lines::Json(service_name),
            LogFormat::Pretty => Lines::Pretty,
            LogFormat::Off => Lines::Off,
        };
        let problem = match logs::subscribe(&self.filter, &self.span_filter, lines) {
            false => SUBSCRIBER.to_owned(),
            // Errors make failed spans, whatever is logged.
            true => match capture_log_records(self.filter.max_level().max(LevelFilter::ERROR)) {
                Ok(()) => return,
                Err(error) => format!("{error}, and left alone; its records are no log lines of Throughline"),
            },
        };
        // Who wants no lines misses none.
        if self.format != LogFormat::Off {
            report::say(&problem);
        }
    }
}
