//! A key that holds a count on its slot.

use crate::context::key::{Key, Meta};
use crate::context::{current, slots};

/// Owns a count on the slot of its key, if the key has one.
#[derive(Debug, Default)]
pub(crate) struct OwnedKey(Kept);

/// Packed, so that a future which has one need not be aligned as a `u128` is, and grow by the padding.
#[derive(Clone, Copy, Debug, Default)]
#[repr(Rust, packed(8))]
struct Kept(Key);

impl OwnedKey {
    /// Takes a count on the slot of `key`. When the slot is gone, what is left is the key without it.
    #[inline]
    pub(crate) fn retain(key: Key) -> Self {
        Self(Kept(Key { meta: retain(key.meta), ..key }))
    }

    /// The same with the key that is current.
    #[inline]
    pub(crate) fn of_current() -> Self {
        current::with(|current| {
            // The count first: what is read before a call would have to be kept across it.
            let meta = retain(current.meta.get());
            Self(Kept(Key { trace: current.trace.get(), span: current.span.get(), meta }))
        })
    }

    /// Takes over a count that the caller has.
    #[inline]
    pub(crate) const fn adopt(key: Key) -> Self {
        Self(Kept(key))
    }

    #[inline]
    pub(crate) const fn key(&self) -> Key {
        self.0.0
    }

    /// Becomes `key`, which is of the same slot, or of a slot whose count is the caller's to give.
    #[inline]
    pub(crate) fn change(&mut self, key: Key) {
        debug_assert!(!self.meta().has_slot() || self.meta().slot_bits() == key.meta.slot_bits());
        self.0 = Kept(key);
    }

    /// Becomes the key of another span of the same trace and request.
    #[inline]
    pub(crate) fn change_span(&mut self, span: u64) {
        self.0.0.span = span;
    }

    #[inline]
    const fn meta(&self) -> Meta {
        self.0.0.meta
    }
}

/// Takes a count on the slot of `meta`, if it has one: `meta`, without the slot when that is gone.
#[inline]
fn retain(meta: Meta) -> Meta {
    if meta.has_slot() && !slots::retain(meta) { meta.without_slot() } else { meta }
}

impl Clone for OwnedKey {
    #[inline]
    fn clone(&self) -> Self {
        Self::retain(self.key())
    }
}

impl Drop for OwnedKey {
    #[inline]
    fn drop(&mut self) {
        if self.meta().has_slot() {
            slots::release(self.meta());
        }
    }
}
