//! A future that a function made and returned.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::__private::GoingOn;

pin_project! {
    /// A future that a function made and returned: it runs in the span of the function, which ends with it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct ReturnedFuture<F, D> {
        #[pin]
        future: Option<F>,
        span: GoingOn,
        done: Option<D>,
    }

    impl<F, D> PinnedDrop for ReturnedFuture<F, D> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.span.scope.abandon(|| {
                this.future.set(None);
                drop(this.done.take());
            });
        }
    }
}

impl<F, D> ReturnedFuture<F, D> {
    pub(super) fn new(span: GoingOn, future: F, done: D) -> Self {
        Self { future: Some(future), span, done: Some(done) }
    }
}

impl<F: Future, D: FnOnce(&F::Output)> Future for ReturnedFuture<F, D> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(future) = this.future.as_pin_mut() else { return Poll::Pending };
        this.span.scope.inside_until(Poll::is_ready, |_| {
            let polled = future.poll(context);
            if let Poll::Ready(output) = &polled
                && let Some(done) = this.done.take()
            {
                done(output);
            }
            polled
        })
    }
}
