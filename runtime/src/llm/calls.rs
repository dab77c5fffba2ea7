//! The model calls that are under way, by span.
//!
//! A call of an annotated function leaves when the function does. Other spans are entered here when something of a
//! response is recorded in them; nobody tells when they end, so the oldest of them makes way.

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::context::key::Key;
use crate::id::SpanIdHasher;
use crate::llm::content::Unwritten;
use crate::llm::prices;
use crate::llm::state::State;

/// A call, shared by its guard, its attempts and its streams.
pub(crate) type SharedState = Arc<Mutex<State>>;

const SHARDS: usize = 16;
/// More spans than this without a guard in one shard: the oldest makes way. What it knew is written already.
const UNGUARDED: usize = 128;

#[derive(Default)]
struct Shard {
    calls: HashMap<u64, Entered, BuildHasherDefault<SpanIdHasher>>,
    /// Those without a guard, by age; some of them have left.
    unguarded: VecDeque<u64>,
}

struct Entered {
    call: SharedState,
    /// Somebody will tell when it leaves.
    is_guarded: bool,
}

static CALLS: [Mutex<Option<Shard>>; SHARDS] = [const { Mutex::new(None) }; SHARDS];

/// The call that `span` is, or is an attempt of; entered now if it is not known.
pub(crate) fn of_span(span: &Key) -> SharedState {
    let id = id(span);
    with(id, |shard| {
        if let Some(known) = shard.calls.get(&id) {
            return Arc::clone(&known.call);
        }
        prices::warm();
        let call = Arc::new(Mutex::new(State::of_span(*span)));
        shard.calls.insert(id, Entered { call: Arc::clone(&call), is_guarded: false });
        shard.unguarded.push_back(id);
        if shard.unguarded.len() > UNGUARDED
            && let Some(oldest) = shard.unguarded.pop_front()
            && shard.calls.get(&oldest).is_some_and(|known| !known.is_guarded)
        {
            shard.calls.remove(&oldest);
        }
        call
    })
}

/// Enters `span` as the call, or as an attempt of it.
pub(crate) fn enter(span: &Key, call: &SharedState) {
    let id = id(span);
    with(id, |shard| shard.calls.insert(id, Entered { call: Arc::clone(call), is_guarded: true }));
}

/// Whether `span` is a call that is under way, or an attempt.
pub(crate) fn is_entered(span: &Key) -> bool {
    let id = id(span);
    with(id, |shard| shard.calls.contains_key(&id))
}

/// `span` is no call any more.
pub(crate) fn leave(span: &Key) {
    let id = id(span);
    with(id, |shard| shard.calls.remove(&id));
}

/// A call's state. Nothing of the user's runs under this lock, and no call is entered or leaves.
#[inline]
pub(crate) fn lock(call: &SharedState) -> Locked<'_> {
    Locked { state: call.lock().unwrap_or_else(PoisonError::into_inner), unwritten: Later(None) }
}

/// A call's state, locked. What was answered is written when it is locked no more: the program redacts it.
#[derive(Debug)]
pub(crate) struct Locked<'a> {
    state: MutexGuard<'a, State>,
    // Dropped behind the lock.
    unwritten: Later,
}

/// Written when it is dropped.
#[derive(Debug)]
struct Later(Option<Box<Unwritten>>);

impl Locked<'_> {
    /// Rare: at the end of a call, where content is asked for.
    #[cold]
    fn write_later(&mut self) {
        self.unwritten.0 = self.state.unwritten.take();
    }
}

impl Drop for Locked<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.state.unwritten.is_some() {
            self.write_later();
        }
    }
}

impl Later {
    #[cold]
    fn write(&mut self) {
        if let Some(unwritten) = self.0.take() {
            unwritten.write();
        }
    }
}

impl Drop for Later {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.write();
        }
    }
}

impl Deref for Locked<'_> {
    type Target = State;

    #[inline]
    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Locked<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

/// Span IDs of tests count up in each pipeline.
fn id(span: &Key) -> u64 {
    span.span ^ u64::from(span.meta.pipeline()) << 48
}

fn with<R>(id: u64, change: impl FnOnce(&mut Shard) -> R) -> R {
    let mut shard = CALLS[id as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
    change(shard.get_or_insert_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(span: u64) -> Key {
        Key { trace: 1, span, ..Key::EMPTY }
    }

    #[test]
    fn spans_whose_end_nobody_tells_make_way() {
        // All in one shard of its own, which no deterministic ID reaches.
        let ids = (1..=5000_u64).map(|n| n << 40 | 5);
        ids.clone().for_each(|id| drop(of_span(&span(id))));
        with(5, |shard| {
            let mine = ids.clone().filter(|id| shard.calls.contains_key(id)).count();
            assert!(mine <= UNGUARDED);
            assert!(shard.unguarded.len() <= UNGUARDED);
        });
    }

    #[test]
    fn a_call_with_a_guard_stays_until_it_leaves() {
        let id = 1 << 50 | 6;
        let call = Arc::new(Mutex::new(State::of_call(span(id), "p", "m")));
        enter(&span(id), &call);
        (1..=1000_u64).for_each(|n| drop(of_span(&span(n << 40 | 6))));
        assert!(Arc::ptr_eq(&of_span(&span(id)), &call));
        leave(&span(id));
        assert!(!Arc::ptr_eq(&of_span(&span(id)), &call));
    }
}
