//! What an annotated function gives to `tokio::spawn` and its like, with the context that is current there.
//!
//! The path by which a function was called says whether it takes futures or closures, unless it is another's function of
//! the same path: then the argument goes on as it is, so that it compiles, or fails, as without us. Which of the two it is
//! shows when the compiler looks for the method: the one of the work itself needs a future or closure, and comes before
//! the one of what the work dereferences to, which needs nothing. A type that is still open there is taken for what the
//! path says.

use std::ops::{Deref, DerefMut};

use crate::Context;
use crate::span::future::{FutureExt, InSpan};

/// The argument of a function that takes futures.
#[derive(Debug)]
pub struct FutureWork<F>(AsGiven<F>);

/// The argument of a function that takes closures.
#[derive(Debug)]
pub struct ClosureWork<F>(AsGiven<F>);

/// The argument of a function that takes something else.
#[derive(Debug)]
pub struct AsGiven<F>(Option<F>);

impl<F> FutureWork<F> {
    #[inline]
    pub fn new(future: F) -> Self {
        Self(AsGiven(Some(future)))
    }
}

impl<F: Future> FutureWork<F> {
    #[inline]
    pub fn __carry(mut self) -> InSpan<F> {
        self.0.__carry().in_current_context()
    }
}

impl<F> ClosureWork<F> {
    #[inline]
    pub fn new(closure: F) -> Self {
        Self(AsGiven(Some(closure)))
    }

    /// The same where a turbofish says what the closure returns, which is then coerced to it.
    #[inline]
    pub fn returning<R>(closure: F) -> Self
    where
        F: FnOnce() -> R,
    {
        Self::new(closure)
    }
}

impl<F: FnOnce() -> R, R> ClosureWork<F> {
    #[inline]
    pub fn __carry(mut self) -> impl FnOnce() -> R {
        Context::current().carry(self.0.__carry())
    }
}

impl<F> AsGiven<F> {
    #[inline]
    pub fn __carry(&mut self) -> F {
        match self.0.take() {
            Some(work) => work,
            None => unreachable!("an expansion asks once"),
        }
    }
}

impl<F> Deref for FutureWork<F> {
    type Target = AsGiven<F>;

    fn deref(&self) -> &AsGiven<F> {
        &self.0
    }
}

impl<F> DerefMut for FutureWork<F> {
    fn deref_mut(&mut self) -> &mut AsGiven<F> {
        &mut self.0
    }
}

impl<F> Deref for ClosureWork<F> {
    type Target = AsGiven<F>;

    fn deref(&self) -> &AsGiven<F> {
        &self.0
    }
}

impl<F> DerefMut for ClosureWork<F> {
    fn deref_mut(&mut self) -> &mut AsGiven<F> {
        &mut self.0
    }
}
