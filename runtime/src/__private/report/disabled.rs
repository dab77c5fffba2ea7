//! Without the feature `logs` the event is on the span alone.

/// Adds an event to the span.
#[doc(hidden)]
#[macro_export]
macro_rules! __report {
    ($callsite:ident, $target:expr, $key:tt, $level:expr, $text:expr) => {
        if $crate::__private::is_open(&$callsite) {
            $crate::__private::reported(&$callsite, $key, $level, &$text)
        }
    };
}
