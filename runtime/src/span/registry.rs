//! The numbers of callsites, and which of them a filter switched off.

use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLock};

use crate::span::Callsite;

/// The callsite is switched off.
const OFF: u32 = 1 << 31;

type Filter = dyn Fn(&Callsite) -> bool + Send + Sync;

struct Registry {
    callsites: Vec<&'static Callsite>,
    filter: Option<Box<Filter>>,
}

static REGISTRY: RwLock<Registry> = RwLock::new(Registry { callsites: Vec::new(), filter: None });

/// The number of a callsite that is switched on, from 1.
#[inline]
pub(crate) fn number(callsite: &'static Callsite) -> Option<u32> {
    match callsite.state.load(Ordering::Relaxed) {
        0 => register(callsite),
        state if state & OFF == 0 => Some(state),
        _ => None,
    }
}

/// The same, but for a callsite that is met for the first time.
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
        return (known & OFF == 0).then_some(known);
    }
    registry.callsites.push(callsite);
    let number = registry.callsites.len() as u32;
    let on = registry.filter.as_ref().is_none_or(|filter| filter(callsite));
    callsite.state.store(if on { number } else { number | OFF }, Ordering::Relaxed);
    on.then_some(number)
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
        callsite.state.store(if filter(callsite) { number } else { number | OFF }, Ordering::Relaxed);
    }
    registry.filter = Some(Box::new(filter));
}
