//! With the feature `llm`: a ladder that reads a value by its `Serialize`, else as text, else not at all.

use std::fmt::Display;

use serde::Serialize;

use crate::__private::Peeled;
use crate::__private::value::said;
use crate::llm::expansion::{Captured, captured, captured_text};
pub use crate::llm::expansion::{ContentPart, captured_fields, record_captured};
use crate::span::current;

/// Whether content is asked for, and the current span recorded: whether it is worth evaluating anything for it.
#[inline(always)]
pub fn content_is_asked() -> bool {
    crate::llm::expansion::content_is_asked() && current::is_recording()
}

/// First: its data.
pub trait BySerializing {
    /// What was read.
    fn __content(&self) -> Option<Captured>;
}

/// Then: it is a text.
pub trait ByAsStr {
    /// What was read.
    fn __content(&self) -> Option<Captured>;
}

/// Then: what it says.
pub trait BySaying {
    /// What was read.
    fn __content(&self) -> Option<Captured>;
}

/// Last: nothing is known of it.
pub trait Unsaid {
    /// Nothing.
    fn __content(&self) -> Option<Captured>;
}

impl<T: Serialize + ?Sized> BySerializing for &&&Peeled<'_, T> {
    fn __content(&self) -> Option<Captured> {
        captured(self.0?)
    }
}

impl<T: AsRef<str> + ?Sized> ByAsStr for &&Peeled<'_, T> {
    fn __content(&self) -> Option<Captured> {
        captured_text(self.0?.as_ref())
    }
}

impl<T: Display + ?Sized> BySaying for &Peeled<'_, T> {
    fn __content(&self) -> Option<Captured> {
        let value = self.0?;
        captured_text(&said(|| value.to_string()))
    }
}

impl<T: ?Sized> Unsaid for Peeled<'_, T> {
    fn __content(&self) -> Option<Captured> {
        None
    }
}

/// Records a value, or several by their names, as a part of what the current span is about. Evaluates nothing where that
/// is not asked for. `Result`, `Option` and pointers are looked into: of an error and of nothing, nothing is recorded.
#[doc(hidden)]
#[macro_export]
macro_rules! __content {
    ($part:ident, { $($name:expr => $value:expr),* $(,)? }) => {
        if $crate::__private::content_is_asked() {
            let fields = $crate::__private::captured_fields([$(($name, $crate::__captured!($value))),*]);
            $crate::__private::record_captured(
                $crate::__private::ContentPart::$part,
                ::core::option::Option::Some(fields),
            );
        }
    };
    ($part:ident, $value:expr) => {
        if $crate::__private::content_is_asked() {
            let captured = $crate::__captured!($value);
            $crate::__private::record_captured($crate::__private::ContentPart::$part, captured);
        }
    };
}

/// What is read of a value.
#[doc(hidden)]
#[macro_export]
macro_rules! __captured {
    ($value:expr) => {
        match &$value {
            value => {
                #[allow(unused_imports)]
                use $crate::__private::{ByAsStr as _, BySaying as _, BySerializing as _, Unsaid as _};
                let peeled = $crate::__private::Peeled(::core::option::Option::Some(value));
                let peeled = $crate::__peel!($crate::__peel!(peeled));
                (&&&&peeled).__content()
            }
        }
    };
}
