//! What is logged and traced, by target and level.

use std::fmt;

use tracing_core::Metadata;
use tracing_subscriber::filter::{Directive, FilterFn, LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::Filter as LayerFilter;
use tracing_subscriber::{EnvFilter, Registry};

use crate::logs::spans;
use crate::span::Level;

/// What is logged and traced, in the syntax of
/// [`EnvFilter`](https://docs.rs/tracing-subscriber/0.3/tracing_subscriber/filter/struct.EnvFilter.html):
/// `info`, `warn,shop=debug`, `shop[checkout]=trace`.
///
/// Events go through all of it. Throughline's spans go by target and level: a directive in `[..]`, which is about the
/// spans of `tracing` and what happens inside them, says nothing about ours. Where all directives are such, ours are
/// recorded as without a filter. The same is true of the spans of other libraries, which are made with `tracing`; but of the
/// libraries that move bytes (`h2`, `hyper`, `rustls`, `tokio` and the like), spans of the levels DEBUG and TRACE are only
/// recorded where a directive names the library: they are of a connection, not of a request, and there are thousands.
///
/// ```
/// use throughline::logs::Filter;
/// use throughline::span::Level;
///
/// let filter: Filter = "warn,shop=debug".parse().unwrap();
/// assert!(filter.enabled("shop::orders", Level::Debug));
/// assert!(!filter.enabled("hyper", Level::Info));
/// let filter: Filter = "debug".parse().unwrap();
/// assert!(!filter.enabled("h2::client", Level::Debug));
/// let filter: Filter = "debug,h2=debug".parse().unwrap();
/// assert!(filter.enabled("h2::client", Level::Debug));
/// assert!("shop=loud".parse::<Filter>().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Filter {
    directives: String,
    spans: Targets,
}

/// The libraries that move bytes.
const OF_BYTES: [&str; 9] =
    ["h2", "hyper", "hyper_util", "mio", "rustls", "tokio", "tokio_rustls", "tokio_util", "tower"];

/// Not a filter; the text names the directive that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFilter(String);

impl Filter {
    /// Whether spans with this target and level are recorded.
    pub fn enabled(&self, target: &str, level: Level) -> bool {
        self.spans.would_enable(target, &to_tracing(level))
            && (level <= Level::Info || self.is_wanted(target))
    }

    /// Whether nothing but bytes would flood, or somebody asks for just that.
    fn is_wanted(&self, target: &str) -> bool {
        let library = target.split("::").next().unwrap_or_default();
        let is_named = |(named, _): (&str, LevelFilter)| !named.is_empty() && target.starts_with(named);
        !OF_BYTES.contains(&library) || self.spans.iter().any(is_named)
    }

    /// The filter as that of a layer which gets the spans of `tracing` that may be recorded, and no events.
    pub(crate) fn to_filter_of_spans(&self) -> FilterFn<impl Fn(&Metadata<'_>) -> bool + use<>> {
        self.clone().into_filter_of(|metadata| metadata.is_span())
    }

    /// The same with the events that make such a span a failed one.
    pub(crate) fn to_filter_of_spans_and_errors(&self) -> FilterFn<impl Fn(&Metadata<'_>) -> bool + use<>> {
        let is_error = |metadata: &Metadata<'_>| *metadata.level() == tracing_core::Level::ERROR;
        self.clone().into_filter_of(move |metadata| metadata.is_span() || is_error(metadata))
    }

    fn into_filter_of<F: Fn(&Metadata<'_>) -> bool>(
        self,
        is_meant: F,
    ) -> FilterFn<impl Fn(&Metadata<'_>) -> bool + use<F>> {
        // Without the hint all programs would ask for everything, at each callsite of each library.
        let most_verbose = LayerFilter::<Registry>::max_level_hint(&self.spans);
        let is_enabled = move |metadata: &Metadata<'_>| {
            is_meant(metadata) && self.enabled(metadata.target(), spans::level(*metadata.level()))
        };
        filter_fn(is_enabled).with_max_level_hint(most_verbose.unwrap_or(LevelFilter::TRACE))
    }

    /// The directives that are about spans of `tracing` alone.
    pub(crate) fn about_spans_of_tracing(&self) -> impl Iterator<Item = &str> {
        self.directives.split(',').filter(|directive| is_about_spans(directive))
    }

    /// The filter as a layer for events and for the spans of `tracing`.
    pub fn to_layer(&self) -> EnvFilter {
        // It was parsed before.
        EnvFilter::builder().parse_lossy(&self.directives)
    }

    /// The most verbose level that some event may have.
    pub fn max_level(&self) -> LevelFilter {
        self.to_layer().max_level_hint().unwrap_or(LevelFilter::TRACE)
    }
}

impl Default for Filter {
    /// `info`.
    fn default() -> Self {
        Self { directives: "info".into(), spans: Targets::new().with_default(LevelFilter::INFO) }
    }
}

impl std::str::FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        let directives = || text.split(',').map(str::trim).filter(|directive| !directive.is_empty());
        for directive in directives() {
            directive.parse::<Directive>().map_err(|error| invalid(directive, &error))?;
        }
        let all = directives().collect::<Vec<_>>().join(",");
        if all.is_empty() {
            return Err(invalid(text, &"no directive"));
        }
        EnvFilter::builder().parse(&all).map_err(|error| invalid(text, &error))?;
        let about_targets = directives().filter(|directive| !is_about_spans(directive)).collect::<Vec<_>>();
        let spans = match about_targets[..] {
            [] => Self::default().spans,
            _ => about_targets.join(",").parse().map_err(|error| invalid(text, &error))?,
        };
        Ok(Self { directives: all, spans })
    }
}

/// Whether a directive is about the spans of `tracing`, by name or field.
fn is_about_spans(directive: &str) -> bool {
    directive.contains('[')
}

fn invalid(directive: &str, error: &dyn fmt::Display) -> InvalidFilter {
    InvalidFilter(format!("{directive:?}: {error}"))
}

impl fmt::Display for Filter {
    /// The directives.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.directives)
    }
}

pub(super) fn to_tracing(level: Level) -> tracing_core::Level {
    match level {
        Level::Error => tracing_core::Level::ERROR,
        Level::Warn => tracing_core::Level::WARN,
        Level::Info => tracing_core::Level::INFO,
        Level::Debug => tracing_core::Level::DEBUG,
        Level::Trace => tracing_core::Level::TRACE,
    }
}

impl fmt::Display for InvalidFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFilter {}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::span::Level;

    #[track_caller]
    fn check(directives: &str, target: &str, level: Level, expected: bool) {
        let filter: Filter = directives.parse().unwrap();
        assert_eq!(filter.enabled(target, level), expected, "{directives}: {target} at {level:?}");
    }

    #[test]
    fn the_longest_matching_target_decides_about_a_span() {
        check("info", "shop", Level::Info, true);
        check("info", "shop", Level::Debug, false);
        check("warn,shop=debug", "shop::orders", Level::Debug, true);
        check("warn,shop=debug,shop::orders=error", "shop::orders", Level::Warn, false);
        check("warn, shop=trace", "hyper", Level::Info, false);
        check("shop=off,info", "shop", Level::Error, false);
        check("shop", "shop", Level::Trace, true);
    }

    #[test]
    fn a_target_that_is_not_named_is_off_when_nothing_speaks_for_all() {
        check("shop=debug", "hyper", Level::Error, false);
    }

    #[test]
    fn what_is_in_brackets_says_nothing_about_our_spans() {
        check("info,[checkout{user=1}]=trace", "shop", Level::Debug, false);
        check("[checkout{user=1}]=trace,shop=debug", "shop", Level::Debug, true);
    }

    #[test]
    fn a_malformed_filter_is_an_error() {
        let error = "hyper=warn,shop=loud".parse::<Filter>().unwrap_err().to_string();
        assert!(error.contains("shop=loud") && !error.contains("hyper"), "{error}");
        assert!("shop=info=debug".parse::<Filter>().is_err());
        assert!(" , ".parse::<Filter>().is_err());
    }
}
