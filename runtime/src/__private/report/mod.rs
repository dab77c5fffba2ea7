//! The events of `err` and `ret`: on the span, and, with the feature `logs`, in the log.

#[cfg(not(feature = "logs"))]
mod disabled;
#[cfg(feature = "logs")]
mod enabled;

#[cfg(feature = "logs")]
pub use enabled::{log_level, tracing};

use crate::__private::Text;
use crate::semconv;
use crate::span::{Callsite, Level, Value, current};

/// Adds the event to the current span: its name is its key, `error` or `return`.
pub fn reported(callsite: &Callsite, key: &'static str, level: Level, text: &Text) {
    let level = match level {
        Level::Error => "ERROR",
        Level::Warn => "WARN",
        Level::Info => "INFO",
        Level::Debug => "DEBUG",
        Level::Trace => "TRACE",
    };
    let attributes = [
        (semconv::EVENT_LEVEL, Value::Str(level)),
        (semconv::EVENT_TARGET, Value::Str(callsite.target)),
        (key, Value::Str(text.as_str())),
    ];
    current::event(key, &attributes);
}
