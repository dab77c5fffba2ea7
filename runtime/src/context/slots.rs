//! The slab of request slots: sharded, capped, with generations.
//!
//! A slot is shared by everything that works for one request. Its word of state is `generation << 45 | owners`, with the
//! generation where keys have it; it moves on when the last owner leaves, so that a key which outlived its slot matches
//! nothing.
//!
//! A part of a request's work can have a slot of its own, which holds what is said of the part alone and owns the slot of
//! the request: everything else is read and changed there.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::context::identity::Identity;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::context::{Held, Request};
use crate::report;

const SEGMENT: usize = 1024;
const SEGMENTS: usize = (Meta::MAX_SLOT as usize + 1) / SEGMENT;
const SHARDS: usize = 8;

struct Slot {
    state: AtomicU64,
    /// The next free slot of its shard, 0 at the end.
    next: AtomicU32,
    held: Mutex<Option<Held>>,
}

/// An array, not a slice: an index below its length needs no check.
type Segment = Box<[Slot; SEGMENT]>;

static TABLE: [OnceLock<Segment>; SEGMENTS] = [const { OnceLock::new() }; SEGMENTS];
/// Heads of the lists of free slots: `times changed << 32 | index`.
static FREE: [AtomicU64; SHARDS] = [const { AtomicU64::new(0) }; SHARDS];
/// The first index never used. Index 0 stands for no slot.
static UNUSED: AtomicU32 = AtomicU32::new(1);

/// Stores what a request brings, and gives `meta` the slot with one owner. When all slots are taken the request goes on
/// without, and that is said once.
pub(crate) fn insert(meta: Meta, request: Request) -> Meta {
    let has_trace_state = request.trace_state.is_some();
    match hold(meta.without_slot(), Held::Request(request)) {
        Some(meta) if has_trace_state => meta.with(Meta::TRACE_STATE),
        Some(meta) => meta,
        None => meta.without_slot(),
    }
}

/// Gives `meta`, whose slot is that of a request or of a part of its work, the slot of a part for which `identity` is said:
/// with one owner. `None` when its slot is another request's by now, or all slots are taken.
pub(crate) fn insert_part(meta: Meta, identity: &Identity) -> Option<Meta> {
    let (of, identity) = match live(meta)?.as_ref()? {
        Held::Request(_) => (OwnedKey::retain(Key { meta, ..Key::EMPTY }), identity.clone()),
        Held::Part { of, identity: around } => (of.clone(), identity.within(around)),
    };
    hold(meta, Held::Part { of, identity: Arc::new(identity) })
}

/// Puts `held` into a slot of its own.
fn hold(meta: Meta, held: Held) -> Option<Meta> {
    let Some(index) = acquire() else {
        report::once(
            "slots",
            "too many requests are under way: some go on without their ID, baggage and bound fields",
        );
        return None;
    };
    let slot = slot(index);
    *lock(slot) = Some(held);
    let generation = slot.state.fetch_add(1, Ordering::Release) >> Meta::GENERATION;
    Some(meta.with_slot(index, generation as u32))
}

/// Adds an owner. `false` when the slot is another request's by now.
///
/// Cold, for most work has no slot: the caller must not save registers for a call that it does not make.
#[cold]
#[inline(never)]
pub(crate) fn retain(meta: Meta) -> bool {
    let Some(slot) = known(meta.slot()) else { return false };
    let mut state = slot.state.load(Ordering::Relaxed);
    while is_live(state, meta) {
        match slot.state.compare_exchange_weak(state, state + 1, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return true,
            Err(now) => state = now,
        }
    }
    false
}

/// Removes an owner; the last one frees the slot.
#[cold]
#[inline(never)]
pub(crate) fn release(meta: Meta) {
    let Some(slot) = known(meta.slot()) else { return };
    let before = slot.state.fetch_sub(1, Ordering::AcqRel);
    debug_assert!(is_live(before, meta), "a slot was released by what does not own it");
    if before as u32 == 1 {
        free(meta, slot);
    }
}

/// Empties a slot whose last owner left.
#[cold]
#[inline(never)]
fn free(meta: Meta, slot: &Slot) {
    drop(lock(slot).take());
    let generation = (meta.generation() + 1) % Meta::GENERATIONS;
    slot.state.store(u64::from(generation) << Meta::GENERATION, Ordering::Release);
    push(meta.slot(), slot);
}

/// Reads or changes the request of the slot of `meta`; `None` when it has none, or when that is another request's by now.
/// `f` runs under the slot's lock: it must be short and must not call back.
pub(crate) fn with<R>(meta: Meta, f: impl FnOnce(&mut Request) -> R) -> Option<R> {
    let mut held = live(meta)?;
    let request = match held.as_mut()? {
        Held::Request(request) => return Some(f(request)),
        Held::Part { of, .. } => of.key().meta,
    };
    drop(held);
    match live(request)?.as_mut()? {
        Held::Request(request) => Some(f(request)),
        Held::Part { .. } => None,
    }
}

/// The slot of the request, where `meta` has that of a part of its work.
pub(crate) fn of_request(meta: Meta) -> Meta {
    match live(meta).as_deref() {
        Some(Some(Held::Part { of, .. })) => of.key().meta,
        _ => meta,
    }
}

/// A copy of the request of `meta`, with what is said of the work.
pub(crate) fn request(meta: Meta) -> Request {
    let request = with(meta, |request| request.clone()).unwrap_or_default();
    Request { identity: identity(meta).map(Into::into), ..request }
}

/// What is said of the work under `meta`.
pub(crate) fn identity(meta: Meta) -> Option<Identity> {
    let part = match live(meta)?.as_ref()? {
        Held::Request(request) => return request.identity.as_deref().cloned(),
        Held::Part { identity, .. } => Arc::clone(identity),
    };
    let request = with(meta, |request| request.identity.clone()).flatten();
    Some(request.map_or_else(|| Identity::clone(&part), |request| part.within(&request)))
}

/// What the slot of `meta` holds, locked; `None` when it has no slot, or one that is another request's by now.
fn live(meta: Meta) -> Option<MutexGuard<'static, Option<Held>>> {
    if !meta.has_slot() {
        return None;
    }
    let slot = slot(meta.slot());
    let held = lock(slot);
    is_live(slot.state.load(Ordering::Acquire), meta).then_some(held)
}

fn is_live(state: u64, meta: Meta) -> bool {
    (state ^ meta.0) >> Meta::GENERATION == 0 && state as u32 != 0
}

fn lock(slot: &Slot) -> MutexGuard<'_, Option<Held>> {
    slot.held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[inline]
fn slot(index: u32) -> &'static Slot {
    &segment(index).get_or_init(new_segment)[index as usize % SEGMENT]
}

/// The slot with this index, which was in use: no check whether to make it.
#[inline]
fn known(index: u32) -> Option<&'static Slot> {
    Some(&segment(index).get()?[index as usize % SEGMENT])
}

#[inline]
fn segment(index: u32) -> &'static OnceLock<Segment> {
    &TABLE[index as usize / SEGMENT % SEGMENTS]
}

#[cold]
#[inline(never)]
fn new_segment() -> Segment {
    let empty = || Slot { state: AtomicU64::new(0), next: AtomicU32::new(0), held: Mutex::new(None) };
    // Not by way of an array, which would be made on the stack.
    let slots: Box<[Slot]> = std::iter::repeat_with(empty).take(SEGMENT).collect();
    match slots.try_into() {
        Ok(slots) => slots,
        Err(_) => unreachable!("{SEGMENT} slots were made"),
    }
}

/// A free slot: of this thread's shard, else one never used, else of another shard.
fn acquire() -> Option<u32> {
    let own = shard();
    pop(&FREE[own])
        .or_else(|| {
            let claim = |next| (next <= Meta::MAX_SLOT).then_some(next + 1);
            UNUSED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).ok()
        })
        .or_else(|| FREE.iter().find_map(pop))
}

fn pop(head: &AtomicU64) -> Option<u32> {
    let mut seen = head.load(Ordering::Acquire);
    loop {
        let index = seen as u32;
        if index == 0 {
            return None;
        }
        let next = slot(index).next.load(Ordering::Relaxed);
        match head.compare_exchange_weak(seen, after(seen, next), Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => return Some(index),
            Err(now) => seen = now,
        }
    }
}

fn push(index: u32, slot: &Slot) {
    let head = &FREE[shard()];
    let mut seen = head.load(Ordering::Relaxed);
    loop {
        slot.next.store(seen as u32, Ordering::Relaxed);
        match head.compare_exchange_weak(seen, after(seen, index), Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => seen = now,
        }
    }
}

/// The head of a list that changed once more: the count keeps a slow `pop` from taking an old head for a new one.
fn after(head: u64, index: u32) -> u64 {
    ((head >> 32).wrapping_add(1) << 32) | u64::from(index)
}

/// The shard of this thread.
fn shard() -> usize {
    static THREADS: AtomicU32 = AtomicU32::new(0);
    thread_local!(static SHARD: usize = THREADS.fetch_add(1, Ordering::Relaxed) as usize % SHARDS);
    SHARD.try_with(|shard| *shard).unwrap_or(0)
}
