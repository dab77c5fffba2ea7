//! Tasks and threads that go on with the context of whoever starts them.

use crate::Context;

/// Threads that go on with the current context.
pub mod thread {
    use crate::Context;

    /// [`std::thread::spawn`] with the context that is current now.
    ///
    /// # Panics
    ///
    /// As that function: when the system gives no thread.
    ///
    /// ```
    /// let handle = throughline::thread::spawn(|| 1 + 1);
    /// assert_eq!(handle.join().unwrap(), 2);
    /// ```
    #[expect(clippy::disallowed_methods, reason = "the application's own thread, which it asked for")]
    pub fn spawn<F, T>(f: F) -> std::thread::JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        std::thread::spawn(Context::current().carry(f))
    }
}

impl Context {
    /// Wraps `f` so that it runs inside of this context, on whatever thread: for pools and callbacks.
    ///
    /// ```
    /// let task = throughline::Context::current().carry(|| "done");
    /// assert_eq!(std::thread::spawn(task).join().unwrap(), "done");
    /// ```
    pub fn carry<F: FnOnce() -> T, T>(self, f: F) -> impl FnOnce() -> T {
        move || {
            let _attached = self.attach();
            f()
        }
    }
}

/// `tokio::spawn` with the context that is current now.
///
/// # Panics
///
/// As that function: outside of a tokio runtime.
#[cfg(feature = "tokio")]
pub fn spawn<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(crate::FutureExt::in_context(future, Context::current()))
}

/// `tokio::task::spawn_blocking` with the context that is current now.
///
/// # Panics
///
/// As that function: outside of a tokio runtime.
#[cfg(feature = "tokio")]
pub fn spawn_blocking<F, T>(f: F) -> tokio::task::JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    tokio::task::spawn_blocking(Context::current().carry(f))
}

/// `JoinSet` with the context that is current now.
#[cfg(feature = "tokio")]
pub trait JoinSetExt<T> {
    /// `JoinSet::spawn` with the context that is current now.
    fn spawn_in_context<F>(&mut self, future: F) -> tokio::task::AbortHandle
    where
        F: Future<Output = T> + Send + 'static;
}

#[cfg(feature = "tokio")]
impl<T: Send + 'static> JoinSetExt<T> for tokio::task::JoinSet<T> {
    fn spawn_in_context<F>(&mut self, future: F) -> tokio::task::AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
    {
        self.spawn(crate::FutureExt::in_context(future, Context::current()))
    }
}
