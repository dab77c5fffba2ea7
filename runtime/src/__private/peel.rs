//! What is inside of a returned value: the first ladder.

use std::rc::Rc;
use std::sync::Arc;

/// A part of what was returned; `None` where there is nothing, as in an `Err`.
#[derive(Debug)]
pub struct Peeled<'a, T: ?Sized>(pub Option<&'a T>);

impl<T: ?Sized> Copy for Peeled<'_, T> {}

impl<T: ?Sized> Clone for Peeled<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'a, T, E> Peeled<'a, Result<T, E>> {
    /// What is in an `Ok`.
    #[inline]
    pub fn __peel(self) -> Peeled<'a, T> {
        Peeled(self.0.and_then(|result| result.as_ref().ok()))
    }

    /// The same.
    #[inline]
    pub fn __success(self) -> Peeled<'a, T> {
        self.__peel()
    }
}

impl<'a, T> Peeled<'a, Option<T>> {
    /// What is in a `Some`.
    #[inline]
    pub fn __peel(self) -> Peeled<'a, T> {
        Peeled(self.0.and_then(Option::as_ref))
    }
}

macro_rules! pointer {
    ($($pointer:ty),+) => {$(
        impl<'a, T: ?Sized> Peeled<'a, $pointer> {
            /// What it points to.
            #[inline]
            pub fn __peel(self) -> Peeled<'a, T> {
                Peeled(self.0.map(|pointer| &**pointer))
            }
        }
    )+};
}

pointer!(Box<T>, Rc<T>, Arc<T>, &'a T);

/// Any other value is what it is. The methods above, being inherent, come before these.
pub trait AsItIs: Copy {
    /// Itself.
    #[inline]
    fn __peel(self) -> Self {
        self
    }

    /// Itself: only a `Result` can be an error.
    #[inline]
    fn __success(self) -> Self {
        self
    }
}

impl<T: ?Sized> AsItIs for Peeled<'_, T> {}

impl<'a, A, B> Peeled<'a, (A, B)> {
    /// Its members.
    #[inline]
    pub fn __parts(self) -> (Peeled<'a, A>, Peeled<'a, B>, Peeled<'a, ()>) {
        (Peeled(self.0.map(|pair| &pair.0)), Peeled(self.0.map(|pair| &pair.1)), Peeled(None))
    }
}

impl<'a, A, B, C> Peeled<'a, (A, B, C)> {
    /// Its members.
    #[inline]
    pub fn __parts(self) -> (Peeled<'a, A>, Peeled<'a, B>, Peeled<'a, C>) {
        let triple = self.0;
        (
            Peeled(triple.map(|triple| &triple.0)),
            Peeled(triple.map(|triple| &triple.1)),
            Peeled(triple.map(|triple| &triple.2)),
        )
    }
}

/// What is no tuple has one part.
pub trait AsOnePart: Copy {
    /// Itself, and nothing.
    #[inline]
    fn __parts(self) -> (Self, Peeled<'static, ()>, Peeled<'static, ()>) {
        (self, Peeled(None), Peeled(None))
    }
}

impl<T: ?Sized> AsOnePart for Peeled<'_, T> {}

/// What is in a `Result`, where the type of that is not known.
#[inline]
pub fn value_of<T, E>(returned: &Result<T, E>) -> Peeled<'_, T> {
    Peeled(returned.as_ref().ok())
}

/// Peels `Result`, `Option` and pointers off, up to three of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __peel {
    ($peeled:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::AsItIs as _;
        $peeled.__peel().__peel().__peel()
    }};
}

/// What a `Result` that is no error holds; any other value as it is.
#[doc(hidden)]
#[macro_export]
macro_rules! __success {
    (result $returned:ident) => {
        $crate::__private::value_of($returned)
    };
    ($returned:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::AsItIs as _;
        $crate::__private::Peeled(::core::option::Option::Some($returned)).__success()
    }};
}
