//! A stream of chunks, recorded as it is read.

use std::fmt::{self, Display};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::llm::follow::Follow;
use crate::llm::response::{Fallible, Item, Look, Readable};

pin_project! {
    /// A stream of chunks that is recorded as it is read; see [`observe`].
    #[must_use = "streams do nothing unless polled"]
    pub struct Observe<S, R> {
        #[pin]
        stream: Option<S>,
        read: R,
        follow: Option<Follow>,
    }
}

/// Records the items of `stream` on the span that is current now, as [`record_chunk`](crate::llm::record_chunk) does, and
/// how the stream ends: an item that is an error gives the finish reason `error`; a stream that is dropped before the
/// model finished is cancelled, with its usage as far as seen.
///
/// Items are chunks, or `Result`s of them; where the compiler needs "type annotations", it is [`try_observe`] that is meant.
/// When the stream outlives the span, because an `#[llm_span]` function returns it, it gets a span of its own under that one,
/// from its first chunk on. Where the function returns a stream that is made of this one, chunks are read once: from the first
/// chunk on that it observes, what it returns is read only if that has the ID of another response, and nothing is observed
/// any more.
///
/// ```
/// use futures_core::Stream;
/// use throughline::llm::{self, Usage};
///
/// fn answer(chunks: impl Stream<Item = Result<Usage, String>>) -> impl Stream<Item = Result<Usage, String>> {
///     llm::observe(chunks)
/// }
/// ```
pub fn observe<S, How>(stream: S) -> Observe<S, fn(&S::Item) -> Look>
where
    S: Stream,
    S::Item: Item<How>,
{
    Observe {
        stream: Some(stream),
        read: <S::Item as crate::llm::response::sealed::Item<How>>::observe,
        follow: Follow::observed(),
    }
}

/// The same for a stream of `Result`s whose errors are `serde::Serialize` too, such as `String`: of those [`observe`] cannot
/// be used, because the compiler asks whether the chunk is in the `Result`, or is the `Result`.
///
/// ```
/// use futures_core::Stream;
/// use throughline::llm;
///
/// # #[derive(serde::Serialize)] struct Chunk { model: String }
/// fn answer(chunks: impl Stream<Item = Result<Chunk, String>>) -> impl Stream<Item = Result<Chunk, String>> {
///     llm::try_observe(chunks)
/// }
/// ```
pub fn try_observe<S, T, E, How>(stream: S) -> Observe<S, fn(&S::Item) -> Look>
where
    S: Stream<Item = Result<T, E>>,
    T: Readable<How>,
    E: Display,
{
    Observe {
        stream: Some(stream),
        read: <Result<T, E> as crate::llm::response::sealed::Item<Fallible<How>>>::observe,
        follow: Follow::observed(),
    }
}

/// The same for the stream that a function returns, with a way to read items: unless the function reads chunks itself. Where the
/// span that is meant is not recorded, the current one is another.
#[doc(hidden)]
pub fn observe_returned<S: Stream, R: FnMut(&S::Item) -> Look>(
    is_recorded: bool,
    stream: S,
    read: R,
) -> Observe<S, R> {
    let follow = if is_recorded { Follow::returned() } else { None };
    Observe { stream: Some(stream), read, follow }
}

impl<S: Stream, R: FnMut(&S::Item) -> Look> Stream for Observe<S, R> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let polled = stream.poll_next(context);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(item)) => {
                if let Some(follow) = this.follow {
                    follow.item((this.read)(item));
                }
            }
            Poll::Ready(None) => {
                if let Some(follow) = this.follow.take() {
                    follow.end();
                }
            }
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}

impl<S, R> fmt::Debug for Observe<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observe").field("follow", &self.follow).finish_non_exhaustive()
    }
}
