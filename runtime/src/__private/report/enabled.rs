//! With the feature `logs` the event is one of `tracing` too, as it is under `#[instrument]`: of the place, module and
//! level that the function has, whether its span is recorded or not. Its name tells [`SpanEvents`](crate::logs::SpanEvents) that the span has it already.

pub use tracing;

use crate::span::Level;

/// The level of the log line.
pub const fn log_level(level: Level) -> tracing::Level {
    match level {
        Level::Error => tracing::Level::ERROR,
        Level::Warn => tracing::Level::WARN,
        Level::Info => tracing::Level::INFO,
        Level::Debug => tracing::Level::DEBUG,
        Level::Trace => tracing::Level::TRACE,
    }
}

/// Adds an event to the span, where that is recorded, and to the log.
#[doc(hidden)]
#[macro_export]
macro_rules! __report {
    ($callsite:ident, $target:expr, $key:tt, $level:expr, $text:expr) => {{
        let text = ::std::cell::LazyCell::new(|| $text);
        if $crate::__private::is_open(&$callsite) {
            $crate::__private::reported(&$callsite, $key, $level, &text);
        }
        const __LEVEL: $crate::__private::tracing::Level = $crate::__private::log_level($level);
        $crate::__private::tracing::event!(
            name: "throughline::returned",
            target: $target,
            __LEVEL,
            $key = text.as_str()
        );
    }};
}
