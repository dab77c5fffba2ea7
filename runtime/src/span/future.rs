//! Futures with a span or a context.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::span::scope::Scope;
use crate::span::scoped::Scoped;
use crate::span::{Callsite, Parent, Span, open};

pin_project! {
    /// The future of an annotated async function. It took the context when the function was called; its span begins at
    /// first poll and ends with it. Dropped unfinished, the span ends as cancelled.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Traced<F, D> {
        #[pin]
        future: Scoped<F>,
        done: D,
    }
}

/// Gives `future` a span under the context that is current now. `done` sees the output inside of the span.
#[inline]
pub fn traced<F: Future, D: FnMut(&F::Output)>(
    callsite: &'static Callsite,
    future: F,
    done: D,
) -> Traced<F, D> {
    Traced { future: Scoped::new(future, Scope::of_call(callsite)), done }
}

/// The same under a given parent.
pub fn traced_with<F: Future, D: FnMut(&F::Output)>(
    callsite: &'static Callsite,
    future: F,
    parent: Parent<'_>,
    done: D,
) -> Traced<F, D> {
    let scope = match parent {
        Parent::Current => Scope::of_call(callsite),
        parent => Scope::of_call_under(callsite, open::parent_key(parent)),
    };
    Traced { future: Scoped::new(future, scope), done }
}

impl<F: Future, D: FnMut(&F::Output)> Future for Traced<F, D> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.future.inside_until(Poll::is_ready, |future, recorded| {
            let polled = future.poll(context);
            if let (Poll::Ready(output), true) = (&polled, recorded) {
                (this.done)(output);
            }
            polled
        })
    }
}

pin_project! {
    /// A future that runs inside of a span; see [`FutureExt::in_span`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct InSpan<F> {
        #[pin]
        future: Scoped<F>,
    }
}

impl<F: Future> Future for InSpan<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.inside_until(Poll::is_ready, |future, _| future.poll(context))
    }
}

/// Futures that run inside of a span or a context.
pub trait FutureExt: Future + Sized {
    /// Runs the future inside of `span`, which ends with it; dropped unfinished, the span ends as cancelled.
    ///
    /// An annotated function that was called under the same context as `in_span` becomes a child of `span`; one that was
    /// called elsewhere stays where it was called.
    fn in_span(self, span: Span) -> InSpan<Self> {
        InSpan { future: Scoped::new(self, span.into_scope()) }
    }

    /// Runs the future inside of `context`, for example one that came with a message.
    fn in_context(self, context: crate::Context) -> InSpan<Self> {
        InSpan { future: Scoped::new(self, Scope::of_context(context.into_owned())) }
    }

    /// Runs the future inside of the context that is current now, wherever it will be polled.
    ///
    /// ```
    /// use throughline::{FutureExt as _, traced};
    ///
    /// #[traced]
    /// fn start(searches: &mut tokio::task::JoinSet<()>) {
    ///     let search = async { /* what is traced here belongs to `start` */ };
    ///     searches.spawn(search.in_current_context());
    /// }
    /// ```
    fn in_current_context(self) -> InSpan<Self> {
        self.in_context(crate::Context::current())
    }
}

impl<F: Future> FutureExt for F {}
