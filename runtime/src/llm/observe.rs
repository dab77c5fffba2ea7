//! A stream of chunks, recorded as it is read.

use std::fmt::{self, Display};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::llm::call::Call;
use crate::llm::follow::Follow;
use crate::llm::passing;
use crate::llm::response::{Fallible, Item, Look, Readable};

pin_project! {
    /// A stream of chunks that is recorded as it is read; see [`observe`].
    #[must_use = "streams do nothing unless polled"]
    pub struct Observe<S, R> {
        #[pin]
        stream: Option<S>,
        read: R,
        // Ends before the call does.
        follow: Option<Follow>,
        call: Option<Call>,
    }
}

/// Records the items of `stream` on the span that is current now, as [`record_chunk`](crate::llm::record_chunk) does, and
/// how the stream ends: an item that is an error gives the finish reason `error`; a stream that is dropped before the
/// model finished is cancelled, with its usage as far as seen.
///
/// Items are chunks, or `Result`s of them; where the compiler needs "type annotations", it is [`try_observe`] that is meant.
/// When the stream outlives the span, because an `#[llm_span]` function returns it, it gets a span of its own under that one,
/// from its first chunk on. Where that function's stream is one itself, and is made of this one, chunks are read once.
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
    observe_by(true, stream, <S::Item as crate::llm::response::sealed::Item<How>>::observe)
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
    observe_by(true, stream, <Result<T, E> as crate::llm::response::sealed::Item<Fallible<How>>>::observe)
}

/// The same with a way to read items. Where the span that is meant is not recorded, the current one is another.
#[doc(hidden)]
pub fn observe_by<S: Stream, R: FnMut(&S::Item) -> Look>(
    is_recorded: bool,
    stream: S,
    read: R,
) -> Observe<S, R> {
    let follow = if is_recorded { Follow::current() } else { None };
    Observe { stream: Some(stream), read, follow, call: None }
}

/// The same for a stream that is the call: `begin` is called inside of its span, at first poll.
#[doc(hidden)]
pub fn observe_call<S, R, B>(stream: S, read: R, begin: B) -> ObserveCall<S, R, B>
where
    S: Stream,
    R: FnMut(&S::Item) -> Look,
    B: FnOnce() -> Call,
{
    ObserveCall {
        observe: Observe { stream: Some(stream), read, follow: None, call: None },
        begin: Some(begin),
    }
}

impl<S: Stream, R: FnMut(&S::Item) -> Look> Stream for Observe<S, R> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let read_before = passing::count();
        let polled = stream.poll_next(context);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(item)) => {
                if let Some(follow) = this.follow {
                    follow.item((this.read)(item), read_before);
                }
            }
            Poll::Ready(None) => {
                if let Some(follow) = this.follow.take() {
                    follow.end();
                }
                *this.call = None;
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

pin_project! {
    /// A stream that is a model call; see [`observe_call`].
    #[doc(hidden)]
    #[must_use = "streams do nothing unless polled"]
    pub struct ObserveCall<S, R, B> {
        #[pin]
        observe: Observe<S, R>,
        begin: Option<B>,
    }
}

impl<S, R, B> Stream for ObserveCall<S, R, B>
where
    S: Stream,
    R: FnMut(&S::Item) -> Look,
    B: FnOnce() -> Call,
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        if let Some(begin) = this.begin.take() {
            let inner = this.observe.as_mut().project();
            *inner.call = Some(begin());
            *inner.follow = Follow::current();
        }
        this.observe.poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.observe.size_hint()
    }
}

impl<S, R, B> fmt::Debug for ObserveCall<S, R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObserveCall").field("observe", &self.observe).finish_non_exhaustive()
    }
}
