//! How a caller waits until the worker has handed on all that was finished before.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::shared::Shared;

/// Waits, without blocking the thread, until the worker has handed on all that was finished before.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Flush(Waiting);

#[derive(Debug)]
enum Waiting {
    For(Arc<Shared>, u64),
    /// For nothing: this is the answer.
    Answered(bool),
}

impl Flush {
    pub(super) fn waiting(shared: Arc<Shared>, number: u64) -> Self {
        Self(Waiting::For(shared, number))
    }

    /// There is nothing to hand on.
    pub(crate) fn done() -> Self {
        Self(Waiting::Answered(true))
    }

    /// There is nobody who would hand anything on.
    pub(super) fn failed() -> Self {
        Self(Waiting::Answered(false))
    }
}

impl Future for Flush {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        match &self.0 {
            Waiting::For(shared, number) => shared.flushes.poll(*number, context.waker()),
            Waiting::Answered(answer) => Poll::Ready(*answer),
        }
    }
}
