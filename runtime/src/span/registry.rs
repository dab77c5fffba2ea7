//! The numbers of callsites, and which of them a filter switched off.

use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLock};

use crate::span::Callsite;

/// Its spans may not take the quick way: it is switched off, unless it is watched.
const ASIDE: u32 = 1 << 31;
/// Somebody wants to know of its spans.
const WATCHED: u32 = 1 << 30;
const NUMBER: u32 = WATCHED - 1;

type Filter = dyn Fn(&Callsite) -> bool + Send + Sync;

struct Registry {
    callsites: Vec<&'static Callsite>,
    filter: Option<Box<Filter>>,
}

static REGISTRY: RwLock<Registry> = RwLock::new(Registry { callsites: Vec::new(), filter: None });

/// The number of a callsite that is switched on, from 1.
#[inline]
pub(crate) fn number(callsite: &'static Callsite) -> Option<u32> {
    number_to_open(callsite).map(without_mark)
}

/// The same with a mark where the callsite [`is_watched`], for whoever opens a span of it.
#[inline]
pub(crate) fn number_to_open(callsite: &'static Callsite) -> Option<u32> {
    match callsite.state.load(Ordering::Relaxed) {
        0 => register(callsite),
        state if state & ASIDE == 0 => Some(state),
        state => when_on(state),
    }
}

/// Whether somebody wants to know of the spans of the callsite with this number.
#[inline]
pub(crate) fn is_watched(number_to_open: u32) -> bool {
    number_to_open.cast_signed() < 0
}

/// Whether there is a callsite with this number that is not watched.
#[inline]
pub(crate) fn is_quick(number_to_open: u32) -> bool {
    number_to_open.cast_signed() > 0
}

/// The number without the mark.
#[inline]
pub(crate) fn without_mark(number_to_open: u32) -> u32 {
    number_to_open & NUMBER
}

/// What a state says of opening, once it is not 0.
fn when_on(state: u32) -> Option<u32> {
    (state & ASIDE == 0 || state & WATCHED != 0).then_some(state)
}

fn state(callsite: &Callsite, number: u32, is_on: bool) -> u32 {
    match (is_on, callsite.operation.is_watched()) {
        (true, false) => number,
        (true, true) => number | ASIDE | WATCHED,
        (false, _) => number | ASIDE,
    }
}

/// The same, but for a callsite that is met for the first time, or is watched.
#[inline]
pub(crate) fn quick_number(callsite: &Callsite) -> Option<u32> {
    let state = callsite.state.load(Ordering::Relaxed);
    (state.cast_signed() > 0).then_some(state)
}

#[cold]
#[inline(never)]
fn register(callsite: &'static Callsite) -> Option<u32> {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let known = callsite.state.load(Ordering::Relaxed);
    if known != 0 {
        return when_on(known);
    }
    registry.callsites.push(callsite);
    let number = registry.callsites.len() as u32;
    let on = registry.filter.as_ref().is_none_or(|filter| filter(callsite));
    let state = state(callsite, number, on);
    callsite.state.store(state, Ordering::Relaxed);
    when_on(state)
}

/// The callsite with a number.
pub(crate) fn get(number: u32) -> Option<&'static Callsite> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.callsites.get((number as usize).checked_sub(1)?).copied()
}

/// Switches callsites off and on: `filter` says which stay on, also of those that are met later. `filter` must not trace.
pub fn set_filter(filter: impl Fn(&Callsite) -> bool + Send + Sync + 'static) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    for (callsite, number) in registry.callsites.iter().zip(1..) {
        callsite.state.store(state(callsite, number, filter(callsite)), Ordering::Relaxed);
    }
    registry.filter = Some(Box::new(filter));
}
