//! Is the returned value an error?

use std::convert::Infallible;

use crate::__private::Failure;

/// A value that was returned.
#[derive(Debug)]
pub struct Returned<'a, R: ?Sized>(pub &'a R);

impl<'a, T, E> Returned<'a, Result<T, E>> {
    /// The error of a `Result`, whatever alias it goes by. Being inherent, it comes before [`NotAResult`].
    #[inline(always)]
    pub fn __failure(&self) -> Failure<'a, E> {
        error_of(self.0)
    }
}

/// Any other value: no error.
pub trait NotAResult {
    /// Nothing.
    #[inline(always)]
    fn __failure(&self) -> Failure<'static, Infallible> {
        Failure(None)
    }
}

impl<R: ?Sized> NotAResult for Returned<'_, R> {}

/// The error of a `Result` whose value's type is not known.
#[inline(always)]
pub fn error_of<T, E>(returned: &Result<T, E>) -> Failure<'_, E> {
    Failure(returned.as_ref().err())
}

/// What is known of the error behind a reference, if the value is an `Err`.
#[doc(hidden)]
#[macro_export]
macro_rules! __failure {
    (error $error:ident) => {{
        use $crate::__private::Rung as _;
        (&&&&&&$crate::__private::Failure(::core::option::Option::Some($error))).__describe()
    }};
    ($returned:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::{NotAResult as _, Rung as _};
        (&&&&&&$crate::__private::Returned($returned).__failure()).__describe()
    }};
}

/// The error behind a reference, if the value is an `Err`.
#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    (result $returned:ident) => {
        $crate::__private::error_of($returned).0
    };
    ($returned:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::NotAResult as _;
        $crate::__private::Returned($returned).__failure().0
    }};
}

/// What an error says of itself.
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($error:ident) => {
        $crate::__private::message($crate::__failure!(error $error))
    };
}

/// Marks the current span as failed: by the error behind a reference, or by that of a `Result` whose value's type is not
/// known.
#[doc(hidden)]
#[macro_export]
macro_rules! __outcome {
    (result $returned:ident) => {
        $crate::__outcome!(@ $crate::__private::error_of($returned))
    };
    (error $error:ident) => {
        $crate::__outcome!(@ $crate::__private::Failure(::core::option::Option::Some($error)))
    };
    (@ $failure:expr) => {{
        use $crate::__private::Rung as _;
        (&&&&&&$failure).__mark()
    }};
}

/// Marks it when an item of a stream is an `Err`; says whether it is.
#[doc(hidden)]
#[macro_export]
macro_rules! __failed {
    ($item:ident) => {
        $crate::__private::mark_item($crate::__failure!($item))
    };
}
