//! With the feature `logs` the event is one of `tracing` too, as it is under `#[instrument]`: of the place, module and
//! level that the function has, whether its span is recorded or not. Its name tells [`SpanEvents`](crate::logs::SpanEvents) that the span has it already.

pub use tracing;

/// Adds an event to the span, where that is recorded, and to the log.
#[doc(hidden)]
#[macro_export]
macro_rules! __report {
    ($callsite:ident, $target:expr, $key:tt, $level:ident, $log_level:ident, $text:expr) => {{
        let text = ::std::cell::LazyCell::new(|| $text);
        if $crate::__private::is_open(&$callsite) {
            $crate::__private::reported(&$callsite, $key, $crate::__private::Level::$level, &text);
        }
        $crate::__private::tracing::event!(
            name: "throughline::returned",
            target: $target,
            $crate::__private::tracing::Level::$log_level,
            $key = text.as_str()
        );
    }};
}
