//! Without the feature `llm` there is no content.

/// Never.
#[inline(always)]
pub const fn content_is_asked() -> bool {
    false
}

/// Evaluates nothing.
#[doc(hidden)]
#[macro_export]
macro_rules! __content {
    ($part:ident, { $($name:expr => $value:expr),* $(,)? }) => {
        if false {
            $(let _ = (&$name, &$value);)*
        }
    };
    ($part:ident, $value:expr) => {
        if false {
            let _ = &$value;
        }
    };
}
