//! A stream that a function made and returned.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::__private::{GoingOn, LlmCall};
use crate::span::stream::is_over;
use crate::span::{Outcome, current};

/// What is kept until a stream ends, and dropped inside of its span.
pub trait Held {
    /// It knows whether a stream that was dropped had said all it had to say.
    const DECIDES: bool;
}

impl Held for () {
    const DECIDES: bool = false;
}

impl Held for LlmCall {
    const DECIDES: bool = cfg!(feature = "llm");
}

pin_project! {
    /// A stream that a function made and returned: it runs in the span of the function, which ends with it. Its last item
    /// decides the outcome; dropped before its end, after an item that was no error, the span is cancelled.
    #[must_use = "streams do nothing unless polled"]
    pub struct ReturnedStream<S, I, H: Held> {
        #[pin]
        stream: Option<S>,
        span: GoingOn,
        failed: I,
        held: Option<H>,
        has_failed: bool,
    }

    impl<S, I, H: Held> PinnedDrop for ReturnedStream<S, I, H> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let held = this.held.take();
            let drop_it = || {
                this.stream.set(None);
                drop(held);
            };
            if *this.has_failed || H::DECIDES {
                this.span.in_scope(drop_it);
                this.span.scope.end();
            } else {
                this.span.scope.abandon(drop_it);
            }
        }
    }
}

impl<S, I, H: Held> ReturnedStream<S, I, H> {
    pub(super) fn new(span: GoingOn, stream: S, failed: I, held: H) -> Self {
        Self { stream: Some(stream), span, failed, held: Some(held), has_failed: false }
    }
}

impl<S: Stream, I: FnMut(&S::Item) -> bool, H: Held> Stream for ReturnedStream<S, I, H> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let Some(stream) = this.stream.as_pin_mut() else { return Poll::Ready(None) };
        this.span.scope.inside_until(is_over, |is_recorded| {
            let polled = stream.poll_next(context);
            match &polled {
                Poll::Ready(Some(item)) if is_recorded => {
                    let has_failed = (this.failed)(item);
                    if *this.has_failed && !has_failed {
                        current::set_outcome(Outcome::Ok);
                    }
                    *this.has_failed = has_failed;
                }
                Poll::Ready(None) => *this.held = None,
                _ => {}
            }
            polled
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S: fmt::Debug, I, H: Held> fmt::Debug for ReturnedStream<S, I, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReturnedStream")
            .field("stream", &self.stream)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}
