//! Sets of tasks of tokio.

use tokio::task::{AbortHandle, JoinSet};

use crate::{Context, FutureExt as _};

/// `JoinSet` with the context that is current when a task is added.
///
/// ```
/// use throughline::JoinSetExt as _;
/// use tokio::task::JoinSet;
///
/// # async fn fetch(_: u32) {}
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut pages = JoinSet::new();
/// for page in 1..=3 {
///     pages.spawn_in_context(async move { fetch(page).await });
/// }
/// while pages.join_next().await.is_some() {}
/// # });
/// ```
///
/// An annotated function that is called in the argument needs none of it, for it takes its context at the call:
/// `pages.spawn(fetch(page))`. `FuturesUnordered` likewise: push what an annotated function returned, or any other future
/// with [`in_current_context`](crate::FutureExt::in_current_context).
pub trait JoinSetExt<T> {
    /// `JoinSet::spawn` with the context that is current now.
    ///
    /// # Panics
    ///
    /// As that function: outside of a tokio runtime.
    #[track_caller]
    fn spawn_in_context<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send;

    /// `JoinSet::spawn_local` with the context that is current now.
    ///
    /// # Panics
    ///
    /// As that function: outside of a `LocalSet`.
    #[track_caller]
    fn spawn_local_in_context<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static;

    /// `JoinSet::spawn_blocking` with the context that is current now.
    ///
    /// # Panics
    ///
    /// As that function: outside of a tokio runtime.
    #[track_caller]
    fn spawn_blocking_in_context<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send;
}

impl<T: 'static> JoinSetExt<T> for JoinSet<T> {
    #[track_caller]
    fn spawn_in_context<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.spawn(future.in_current_context())
    }

    #[track_caller]
    fn spawn_local_in_context<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.spawn_local(future.in_current_context())
    }

    #[track_caller]
    fn spawn_blocking_in_context<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.spawn_blocking(Context::current().carry(f))
    }
}
