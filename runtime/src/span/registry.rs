//! The numbers of callsites, and which of them a filter switched off.

use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLock};

use crate::span::{Callsite, Operation};

// The state of a callsite is 0 until it is met, then its number, with marks where its spans may not take the quick way.

/// Its spans may not take the quick way: it is switched off, unless it is watched.
const ASIDE: u32 = 1 << 31;
/// Somebody wants to know of its spans.
const WATCHED: u32 = 1 << 30;
const NUMBER: u32 = WATCHED - 1;

type Filter = dyn Fn(&Callsite) -> bool + Send + Sync;

struct Registry {
    callsites: Vec<&'static Callsite>,
    filter: Option<Box<Filter>>,
    /// Somebody wants to know of all spans.
    is_all_watched: bool,
}

static REGISTRY: RwLock<Registry> =
    RwLock::new(Registry { callsites: Vec::new(), filter: None, is_all_watched: false });

/// The number of a callsite that is switched on, from 1.
#[inline]
pub(crate) fn number(callsite: &'static Callsite) -> Option<u32> {
    let state = state(callsite);
    if is_quick(state) { Some(state) } else { watched_number(state) }
}

/// The state of a callsite, which is not 0.
#[inline]
pub(crate) fn state(callsite: &'static Callsite) -> u32 {
    match callsite.state.load(Ordering::Relaxed) {
        0 => register(callsite),
        state => state,
    }
}

/// Whether the state is the number of a callsite that is switched on, and not watched.
#[inline]
pub(crate) const fn is_quick(state: u32) -> bool {
    state.cast_signed() > 0
}

/// The number in a state that is not quick; `None` when the callsite is switched off.
pub(crate) fn watched_number(state: u32) -> Option<u32> {
    (state & WATCHED != 0).then_some(state & NUMBER)
}

impl Registry {
    fn state_of(&self, callsite: &Callsite, number: u32) -> u32 {
        let is_on = self.filter.as_ref().is_none_or(|filter| filter(callsite));
        match (is_on, self.is_all_watched || callsite.operation != Operation::Function) {
            (true, false) => number,
            (true, true) => number | ASIDE | WATCHED,
            (false, _) => number | ASIDE,
        }
    }

    /// Tells all callsites that are known what is said of them now.
    fn tell_all(&self) {
        for (callsite, number) in self.callsites.iter().zip(1..) {
            callsite.state.store(self.state_of(callsite, number), Ordering::Relaxed);
        }
    }
}

/// The same, but for a callsite that is met for the first time, or is watched.
#[inline]
pub(crate) fn quick_number(callsite: &Callsite) -> Option<u32> {
    let state = callsite.state.load(Ordering::Relaxed);
    is_quick(state).then_some(state)
}

#[cold]
#[inline(never)]
fn register(callsite: &'static Callsite) -> u32 {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let known = callsite.state.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    registry.callsites.push(callsite);
    let number = registry.callsites.len() as u32;
    let state = registry.state_of(callsite, number);
    callsite.state.store(state, Ordering::Relaxed);
    state
}

/// The callsite with a number.
pub(crate) fn get(number: u32) -> Option<&'static Callsite> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.callsites.get((number as usize).checked_sub(1)?).copied()
}

/// The callsites with this name that were met.
#[cfg(feature = "testing")]
pub(crate) fn named(name: &str) -> Vec<&'static Callsite> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.callsites.iter().copied().filter(|site| site.name == name).collect()
}

/// Switches callsites off and on: `filter` says which stay on, also of those that are met later. `filter` must not trace.
pub fn set_filter(filter: impl Fn(&Callsite) -> bool + Send + Sync + 'static) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.filter = Some(Box::new(filter));
    registry.tell_all();
}

/// From now on all spans are watched.
pub(super) fn watch_all() {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.is_all_watched = true;
    registry.tell_all();
}
