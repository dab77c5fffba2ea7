//! Streams with a span or a context.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::span::scope::Scope;
use crate::span::scoped::Scoped;
use crate::span::{Callsite, Span};

pin_project! {
    /// The stream of an annotated function: its span lives from the first poll to the end of the stream. Dropped before
    /// its end, the span ends as cancelled.
    #[derive(Debug)]
    #[must_use = "streams do nothing unless polled"]
    pub struct TracedStream<S, I> {
        #[pin]
        stream: Scoped<S>,
        item: I,
    }
}

/// Gives `stream` a span under the context that is current now. `item` sees each item, and `None` at the end, inside of
/// the span.
#[inline]
pub fn traced<S: Stream, I: FnMut(Option<&S::Item>)>(
    callsite: &'static Callsite,
    stream: S,
    item: I,
) -> TracedStream<S, I> {
    TracedStream { stream: Scoped::new(stream, Scope::of_call(callsite)), item }
}

impl<S: Stream, I: FnMut(Option<&S::Item>)> Stream for TracedStream<S, I> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        this.stream.inside_until(is_over, |stream, recorded| {
            let polled = stream.poll_next(context);
            if let (Poll::Ready(item), true) = (&polled, recorded) {
                (this.item)(item.as_ref());
            }
            polled
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.get().size_hint()
    }
}

/// Whether a stream has ended.
pub(crate) fn is_over<T>(polled: &Poll<Option<T>>) -> bool {
    matches!(polled, Poll::Ready(None))
}

/// A stream that runs inside of a span or a context; see [`StreamExt`].
pub type StreamInSpan<S> = TracedStream<S, fn(Option<&<S as Stream>::Item>)>;

/// Streams that run inside of a span.
pub trait StreamExt: Stream + Sized {
    /// Polls the stream inside of `span`, which ends with it; dropped before its end, the span ends as cancelled.
    fn in_span(self, span: Span) -> StreamInSpan<Self> {
        TracedStream { stream: Scoped::new(self, span.into_scope()), item: |_| () }
    }

    /// Polls the stream inside of `context`.
    fn in_context(self, context: crate::Context) -> StreamInSpan<Self> {
        let scope = Scope::of_context(context.into_owned());
        TracedStream { stream: Scoped::new(self, scope), item: |_| () }
    }
}

impl<S: Stream> StreamExt for S {}
