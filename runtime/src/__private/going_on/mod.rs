//! Spans that go on after the function that opened them: in the future or stream that it returned.

mod future;
mod stream;
mod streaming;

pub use future::ReturnedFuture;
pub use stream::{Held, ReturnedStream};
pub use streaming::{Streaming, streaming};

use std::pin::Pin;

use futures_core::Stream;

use crate::span::scope::Scope;
use crate::span::{Callsite, Parent, open};

/// The span of a function that returns a future or a stream.
#[derive(Debug)]
pub struct GoingOn {
    scope: Scope,
}

impl GoingOn {
    /// Begins under the current context.
    pub fn new(callsite: &'static Callsite) -> Self {
        Self { scope: Scope::of_call(callsite) }
    }

    /// Begins under a given parent.
    pub fn with_parent(callsite: &'static Callsite, parent: Parent<'_>) -> Self {
        match parent {
            Parent::Current => Self::new(callsite),
            parent => Self { scope: Scope::of_call_under(callsite, open::parent_key(parent)) },
        }
    }

    /// Calls `f` inside of the span, which is opened now if it was not.
    pub fn in_scope<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.scope.inside(|_| f())
    }

    /// Whether anything is recorded.
    pub fn is_recording(&self) -> bool {
        self.scope.is_recorded()
    }

    /// The span goes on until `future` ends; `done` sees its output, also where nothing is recorded.
    pub fn future<F: Future, D: FnMut(&F::Output)>(self, future: F, done: D) -> ReturnedFuture<F, D> {
        ReturnedFuture::new(self.into_scope(), future, done)
    }

    /// The span goes on until `stream` ends; `failed` marks the span if an item is an error, and says so. `held` is kept
    /// until then.
    pub fn stream<S: Stream, I: FnMut(&S::Item) -> bool, H: Held>(
        self,
        stream: S,
        failed: I,
        held: H,
    ) -> ReturnedStream<S, I, H> {
        ReturnedStream::new(self, stream, failed, held)
    }

    /// The span for whoever takes it over.
    fn into_scope(mut self) -> Scope {
        self.scope.take()
    }
}

impl Drop for GoingOn {
    fn drop(&mut self) {
        // Whoever takes the span over leaves a scope that has ended.
        self.scope.end();
    }
}

/// What was returned, in a box as it was.
pub fn boxed<T>(value: T) -> Pin<Box<T>> {
    Box::pin(value)
}
