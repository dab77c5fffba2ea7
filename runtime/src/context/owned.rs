//! A key that holds a count on its slot.

use crate::context::key::Key;
use crate::context::slots;

/// Owns a count on the slot of its key, if the key has one.
#[derive(Debug, Default)]
pub(crate) struct OwnedKey(Key);

impl OwnedKey {
    /// Takes a count on the slot of `key`. When the slot is gone, what is left is the key without it.
    #[inline]
    pub(crate) fn retain(mut key: Key) -> Self {
        if key.meta.has_slot() && !slots::retain(key.meta) {
            key.meta = key.meta.without_slot();
        }
        Self(key)
    }

    /// Takes over a count that the caller has.
    #[inline]
    pub(crate) const fn adopt(key: Key) -> Self {
        Self(key)
    }

    #[inline]
    pub(crate) const fn key(&self) -> Key {
        self.0
    }

    /// Becomes `key`, which is of the same slot, or of a slot whose count is the caller's to give.
    #[inline]
    pub(crate) fn change(&mut self, key: Key) {
        debug_assert!(!self.0.meta.has_slot() || self.0.meta.slot_bits() == key.meta.slot_bits());
        self.0 = key;
    }
}

impl Clone for OwnedKey {
    #[inline]
    fn clone(&self) -> Self {
        Self::retain(self.0)
    }
}

impl Drop for OwnedKey {
    #[inline]
    fn drop(&mut self) {
        if self.0.meta.has_slot() {
            slots::release(self.0.meta);
        }
    }
}
