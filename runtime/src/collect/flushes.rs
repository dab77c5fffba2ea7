//! Requests to hand everything on, and their answers.

use std::sync::PoisonError;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::sync::{Condvar, Mutex, MutexGuard, wait_while};

/// Requests are numbered; the worker answers up to a number.
#[derive(Default)]
pub(super) struct Flushes {
    state: Mutex<State>,
    answered: Condvar,
}

#[derive(Default)]
struct State {
    requested: u64,
    answered: u64,
    /// The longest time that a waiting caller gives the sinks.
    timeout: Duration,
    /// Whether the sinks managed, the last time.
    succeeded: bool,
    /// The worker and its sinks are gone.
    ended: bool,
    wakers: Vec<Waker>,
}

/// A request that the worker found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    number: u64,
    pub(super) timeout: Duration,
}

impl Flushes {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, and returns the number to wait for.
    pub(super) fn ask(&self, timeout: Duration) -> u64 {
        let mut state = self.lock();
        state.requested += 1;
        state.timeout = state.timeout.max(timeout);
        state.requested
    }

    /// Waits for the answer to `number`: whether the sinks managed.
    pub(super) fn wait(&self, number: u64, timeout: Duration) -> bool {
        let state = wait_while(&self.answered, self.lock(), timeout, |state| state.answered < number);
        state.answered >= number && state.succeeded
    }

    /// Called by the worker: what is asked for and not answered.
    pub(super) fn open(&self) -> Option<Request> {
        let mut state = self.lock();
        (state.requested > state.answered)
            .then(|| Request { number: state.requested, timeout: std::mem::take(&mut state.timeout) })
    }

    /// Called by the worker: all up to `request` is handed on.
    pub(super) fn answer(&self, request: Request, succeeded: bool) {
        let mut state = self.lock();
        state.answered = request.number;
        state.succeeded = succeeded;
        self.answered.notify_all();
        state.wakers.drain(..).for_each(Waker::wake);
    }

    /// Called when the worker and its sinks are gone: they have said what they had to say.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.answered.notify_all();
    }

    /// Waits for the end of the worker.
    pub(super) fn wait_for_end(&self, timeout: Duration) {
        let going_on = |state: &mut State| !state.ended;
        drop(wait_while(&self.answered, self.lock(), timeout, going_on));
    }

    pub(super) fn poll(&self, number: u64, waker: &Waker) -> Poll<bool> {
        let mut state = self.lock();
        if state.answered >= number {
            return Poll::Ready(state.succeeded);
        }
        if !state.wakers.iter().any(|known| known.will_wake(waker)) {
            state.wakers.push(waker.clone());
        }
        Poll::Pending
    }
}
