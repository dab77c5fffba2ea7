//! Parallel iterators.

mod consumer;

use rayon::iter::ParallelIterator;
use rayon::iter::plumbing::UnindexedConsumer;
use throughline::Context;

use crate::iter::consumer::InContextConsumer;

/// Parallel iterators whose work has a context.
pub trait ParallelIteratorExt: ParallelIterator {
    /// What follows in the chain runs inside of `context`, on whatever thread.
    ///
    /// What follows is handed to the threads as a whole, so what needs the places of the items (`zip`, `enumerate`, `rev`,
    /// `chunks`) goes before. `collect` keeps the order all the same.
    fn in_context(self, context: Context) -> InContext<Self> {
        InContext { base: self, context }
    }

    /// The same with the context that is current now.
    fn in_current_context(self) -> InContext<Self> {
        self.in_context(Context::current())
    }
}

impl<I: ParallelIterator> ParallelIteratorExt for I {}

/// A parallel iterator whose work has a context; see [`ParallelIteratorExt`].
#[derive(Clone, Debug)]
#[must_use = "parallel iterators do nothing unless consumed"]
pub struct InContext<I> {
    base: I,
    context: Context,
}

impl<I: ParallelIterator> ParallelIterator for InContext<I> {
    type Item = I::Item;

    fn drive_unindexed<C>(self, consumer: C) -> C::Result
    where
        C: UnindexedConsumer<Self::Item>,
    {
        self.base.drive_unindexed(InContextConsumer::new(consumer, self.context))
    }

    fn opt_len(&self) -> Option<usize> {
        self.base.opt_len()
    }
}
