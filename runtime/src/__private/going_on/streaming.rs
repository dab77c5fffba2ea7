//! The future of an async function that returns a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::__private::GoingOn;

pin_project! {
    /// The future of an async function that returns a stream: the span begins at its first poll and goes on in the stream.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Streaming<F, W> {
        #[pin]
        future: Option<F>,
        // Both until the future is ready.
        span: Option<GoingOn>,
        hand_over: Option<W>,
    }

    impl<F, W> PinnedDrop for Streaming<F, W> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(span) = this.span {
                span.scope.abandon(|| this.future.set(None));
            }
        }
    }
}

/// Gives `future` a span, which `hand_over` puts into what it returns.
pub fn streaming<F: Future, R, W: FnOnce(F::Output, GoingOn) -> R>(
    span: GoingOn,
    future: F,
    hand_over: W,
) -> Streaming<F, W> {
    Streaming { future: Some(future), span: Some(span), hand_over: Some(hand_over) }
}

impl<F: Future, R, W: FnOnce(F::Output, GoingOn) -> R> Future for Streaming<F, W> {
    type Output = R;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        let (Some(future), Some(span)) = (this.future.as_pin_mut(), this.span.as_mut()) else {
            return Poll::Pending;
        };
        match span.in_scope(|| future.poll(context)) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(output) => match (this.hand_over.take(), this.span.take()) {
                (Some(hand_over), Some(span)) => Poll::Ready(hand_over(output, span)),
                _ => Poll::Pending,
            },
        }
    }
}
