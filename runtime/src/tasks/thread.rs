//! Threads that go on with the current context: the functions of [`std::thread`] that start one.

use std::io;
use std::thread::{JoinHandle, Scope, ScopedJoinHandle};

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
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "the application's own thread, which it asked for")]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    std::thread::spawn(Context::current().carry(f))
}

/// [`std::thread::Builder`] whose thread has the context that is current when it is spawned.
///
/// ```
/// use throughline::thread::Builder;
///
/// let handle = Builder::new().name("counts".into()).spawn(|| 1 + 1)?;
/// assert_eq!(handle.join().unwrap(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder starts no thread by itself"]
pub struct Builder(std::thread::Builder);

impl Builder {
    /// [`std::thread::Builder::new`].
    pub fn new() -> Self {
        Self(std::thread::Builder::new())
    }

    /// The name of the thread.
    pub fn name(self, name: String) -> Self {
        Self(self.0.name(name))
    }

    /// The size of its stack, in bytes.
    pub fn stack_size(self, size: usize) -> Self {
        Self(self.0.stack_size(size))
    }

    /// Starts the thread with the context that is current now.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.0.spawn(Context::current().carry(f))
    }

    /// The same for a thread of a [`scope`](std::thread::scope).
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.0.spawn_scoped(scope, Context::current().carry(f))
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl From<std::thread::Builder> for Builder {
    fn from(builder: std::thread::Builder) -> Self {
        Self(builder)
    }
}

/// [`std::thread::Scope`] with the context that is current when a thread is started.
///
/// ```
/// use throughline::thread::ScopeExt as _;
///
/// let text = String::from("both threads read it");
/// std::thread::scope(|scope| {
///     scope.spawn_in_context(|| text.len());
///     scope.spawn_in_context(|| text.is_empty());
/// });
/// ```
pub trait ScopeExt<'scope> {
    /// [`Scope::spawn`] with the context that is current now.
    ///
    /// # Panics
    ///
    /// As that function: when the system gives no thread.
    #[track_caller]
    fn spawn_in_context<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope;
}

impl<'scope> ScopeExt<'scope> for Scope<'scope, '_> {
    #[track_caller]
    fn spawn_in_context<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.spawn(Context::current().carry(f))
    }
}
