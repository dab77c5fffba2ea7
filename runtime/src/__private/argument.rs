//! An argument that is recorded because all are: as a typed value, else by its `Debug`, as in `tracing`.

use std::fmt;

use crate::__private::{Text, debug};
use crate::span::{ToValue, Value};

/// An argument.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// First: a typed value.
pub trait ByValue<'a> {
    /// The value, until it is written.
    fn __recorded(&self) -> Recorded<'a>;
}

/// Then: what it says to programmers.
pub trait ByDebug<'a> {
    /// The text, until it is written.
    fn __recorded(&self) -> Recorded<'a>;
}

/// Last: an error that says so.
pub trait ByNothing<'a> {
    /// The type that cannot be recorded.
    type Type: ?Sized;

    /// Does not compile.
    fn __recorded(&self) -> Recorded<'a>
    where
        Self::Type: Recordable;
}

/// What `args` and `skip(..)` can record.
#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` cannot be recorded",
    label = "neither a typed value nor `Debug`",
    note = "leave it out with `skip(..)`"
)]
pub trait Recordable {}

/// A value of an argument.
#[derive(Debug)]
pub enum Recorded<'a> {
    /// As it is.
    Typed(Value<'a>),
    /// As text.
    Text(Text),
}

impl<'a, T: ToValue + ?Sized> ByValue<'a> for &&Argument<'a, T> {
    #[inline]
    fn __recorded(&self) -> Recorded<'a> {
        Recorded::Typed(self.0.to_value())
    }
}

impl<'a, T: fmt::Debug + ?Sized> ByDebug<'a> for &Argument<'a, T> {
    fn __recorded(&self) -> Recorded<'a> {
        Recorded::Text(debug(self.0))
    }
}

impl<'a, T: ?Sized> ByNothing<'a> for Argument<'a, T> {
    type Type = T;

    fn __recorded(&self) -> Recorded<'a>
    where
        T: Recordable,
    {
        Recorded::Typed(Value::Empty)
    }
}

impl Recorded<'_> {
    /// What is written.
    #[inline]
    pub fn __value(&self) -> Value<'_> {
        match self {
            Self::Typed(value) => *value,
            Self::Text(text) => crate::__private::text(text),
        }
    }
}

/// The value of an argument.
#[doc(hidden)]
#[macro_export]
macro_rules! __argument {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{ByDebug as _, ByNothing as _, ByValue as _};
        (&&&$crate::__private::Argument(&$value)).__recorded()
    }
    .__value()};
}
