//! Tasks of tokio.

use tokio::task::JoinHandle;

use crate::{Context, FutureExt as _};

/// `tokio::spawn` with the context that is current now.
///
/// # Panics
///
/// As that function: outside of a tokio runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(future.in_current_context())
}

/// `tokio::task::spawn_local` with the context that is current now.
///
/// # Panics
///
/// As that function: outside of a `LocalSet`.
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    tokio::task::spawn_local(future.in_current_context())
}

/// `tokio::task::spawn_blocking` with the context that is current now.
///
/// # Panics
///
/// As that function: outside of a tokio runtime.
#[track_caller]
pub fn spawn_blocking<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    tokio::task::spawn_blocking(Context::current().carry(f))
}
