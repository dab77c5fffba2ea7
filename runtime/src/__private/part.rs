//! The body of an agent or a workflow: a part of the work for a request, with an identity of its own.

use std::borrow::BorrowMut;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::context::part::{self, Inside};
use crate::span::{Callsite, Value};

/// A part, which begins in the body with [`begin_part`].
#[derive(Debug, Default)]
pub struct Part(part::Part);

/// The part is what runs on this thread, until this is dropped.
#[derive(Debug)]
pub struct InPart<'a> {
    _inside: Inside<'a>,
}

impl Part {
    /// Not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs what follows in the part.
    pub fn enter(&mut self) -> InPart<'_> {
        InPart { _inside: self.0.enter() }
    }

    /// Calls `body` in the part.
    pub fn call<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let _inside = self.enter();
        body()
    }
}

/// Begins the part that runs: the current span is that of an agent, or of work for a conversation. Empty values say
/// nothing.
pub fn begin_part(agent_name: Value<'_>, agent_id: Value<'_>, conversation: Value<'_>) {
    #[cfg(feature = "llm")]
    crate::llm::identity::begin_part(agent_name, agent_id, conversation);
    #[cfg(not(feature = "llm"))]
    let _ = (agent_name, agent_id, conversation);
}

/// Writes on the current span, which just began, whom the work is for, and the agent that does it: before the values of
/// its own attributes, which win.
#[inline]
pub fn identify(callsite: &'static Callsite) {
    #[cfg(feature = "llm")]
    crate::llm::identity::write_on(&crate::context::current::get(), callsite);
    #[cfg(not(feature = "llm"))]
    let _ = callsite;
}

pin_project! {
    /// A future or stream in a part, in which it is dropped too.
    #[derive(Debug)]
    #[must_use = "it does nothing unless polled"]
    pub struct Within<P: BorrowMut<Part>, W> {
        part: P,
        #[pin]
        work: Option<W>,
    }

    impl<P: BorrowMut<Part>, W> PinnedDrop for Within<P, W> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let part: &mut Part = this.part.borrow_mut();
            part.call(|| this.work.set(None));
        }
    }
}

/// A future or stream that runs in `part`.
pub fn within<P: BorrowMut<Part>, W>(part: P, work: W) -> Within<P, W> {
    Within { part, work: Some(work) }
}

impl<P: BorrowMut<Part>, W> Within<P, W> {
    fn inside<R>(self: Pin<&mut Self>, poll: impl FnOnce(Pin<&mut W>) -> R) -> Option<R> {
        let this = self.project();
        let work = this.work.as_pin_mut()?;
        let part: &mut Part = this.part.borrow_mut();
        Some(part.call(|| poll(work)))
    }
}

impl<P: BorrowMut<Part>, F: Future> Future for Within<P, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.inside(|work| work.poll(context)).unwrap_or(Poll::Pending)
    }
}

impl<P: BorrowMut<Part>, S: Stream> Stream for Within<P, S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.inside(|work| work.poll_next(context)).unwrap_or(Poll::Ready(None))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.work.as_ref().map_or((0, Some(0)), Stream::size_hint)
    }
}
