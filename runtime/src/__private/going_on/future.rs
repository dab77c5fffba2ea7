//! A future that a function made and returned.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::span::scope::Scope;
use crate::span::scoped::Scoped;

pin_project! {
    /// A future that a function made and returned: it runs in the span of the function, which ends with it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct ReturnedFuture<F, D> {
        #[pin]
        watched: Scoped<Watched<F, D>>,
    }
}

pin_project! {
    /// A future, and what is done with its output: both are dropped inside of the span.
    #[derive(Debug)]
    struct Watched<F, D> {
        #[pin]
        future: F,
        done: D,
    }
}

impl<F, D> ReturnedFuture<F, D> {
    pub(super) fn new(scope: Scope, future: F, done: D) -> Self {
        Self { watched: Scoped::new(Watched { future, done }, scope) }
    }
}

impl<F: Future, D: FnMut(&F::Output)> Future for ReturnedFuture<F, D> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().watched.inside_until(Poll::is_ready, |watched, _| {
            let watched = watched.project();
            let polled = watched.future.poll(context);
            if let Poll::Ready(output) = &polled {
                (watched.done)(output);
            }
            polled
        })
    }
}
