//! What the items go through, inside of a context: all that follows in a chain.

use rayon::iter::plumbing::{Consumer, Folder, Reducer, UnindexedConsumer};
use throughline::Context;

/// A consumer, a folder or a reducer with the context it works in.
pub(super) struct InContextConsumer<C> {
    base: C,
    context: Context,
}

impl<C> InContextConsumer<C> {
    pub(super) fn new(base: C, context: Context) -> Self {
        Self { base, context }
    }

    /// Makes the next of what the base is, inside of the context.
    fn then<D>(self, next: impl FnOnce(C) -> D) -> InContextConsumer<D> {
        let base = {
            let _attached = self.context.attach();
            next(self.base)
        };
        InContextConsumer { base, context: self.context }
    }

    fn with<D>(&self, base: D) -> InContextConsumer<D> {
        InContextConsumer { base, context: self.context.clone() }
    }
}

impl<T, C: Consumer<T>> Consumer<T> for InContextConsumer<C> {
    type Folder = InContextConsumer<C::Folder>;
    type Reducer = InContextConsumer<C::Reducer>;
    type Result = C::Result;

    fn split_at(self, index: usize) -> (Self, Self, Self::Reducer) {
        let (left, right, reducer) = self.base.split_at(index);
        let in_context = |base| InContextConsumer { base, context: self.context.clone() };
        (in_context(left), in_context(right), Self::Reducer::new(reducer, self.context.clone()))
    }

    fn into_folder(self) -> Self::Folder {
        self.then(C::into_folder)
    }

    fn full(&self) -> bool {
        self.base.full()
    }
}

impl<T, C: UnindexedConsumer<T>> UnindexedConsumer<T> for InContextConsumer<C> {
    fn split_off_left(&self) -> Self {
        self.with(self.base.split_off_left())
    }

    fn to_reducer(&self) -> Self::Reducer {
        self.with(self.base.to_reducer())
    }
}

impl<T, F: Folder<T>> Folder<T> for InContextConsumer<F> {
    type Result = F::Result;

    fn consume(self, item: T) -> Self {
        self.then(|base| base.consume(item))
    }

    /// Items that come together need the context made current once.
    fn consume_iter<I: IntoIterator<Item = T>>(self, items: I) -> Self {
        self.then(|base| base.consume_iter(items))
    }

    fn complete(self) -> F::Result {
        self.then(F::complete).base
    }

    fn full(&self) -> bool {
        self.base.full()
    }
}

impl<T, R: Reducer<T>> Reducer<T> for InContextConsumer<R> {
    fn reduce(self, left: T, right: T) -> T {
        self.then(|base| base.reduce(left, right)).base
    }
}
