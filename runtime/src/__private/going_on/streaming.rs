//! The future of an async function that returns a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::__private::GoingOn;
use crate::span::scoped::Scoped;

pin_project! {
    /// The future of an async function that returns a stream: the span begins at its first poll and goes on in the stream.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Streaming<F, W> {
        #[pin]
        future: Scoped<F>,
        hand_over: W,
    }
}

/// Gives `future` a span, which `hand_over` puts into what it returns.
pub fn streaming<F: Future, R, W: FnMut(F::Output, GoingOn) -> R>(
    span: GoingOn,
    future: F,
    hand_over: W,
) -> Streaming<F, W> {
    Streaming { future: Scoped::new(future, span.into_scope()), hand_over }
}

impl<F: Future, R, W: FnMut(F::Output, GoingOn) -> R> Future for Streaming<F, W> {
    type Output = R;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let mut this = self.project();
        let polled = this.future.as_mut().inside_until(|_| false, |future, _| future.poll(context));
        polled.map(|output| (this.hand_over)(output, GoingOn { scope: this.future.take_scope() }))
    }
}
