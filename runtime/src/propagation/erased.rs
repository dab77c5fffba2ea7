//! Carriers of any type behind one pointer, for formats that are.

use crate::propagation::{CarrierKind, Extract, Inject};

/// A carrier that is read from.
pub(super) struct Source<'a, C: ?Sized>(pub(super) &'a C);

/// A carrier that is written into.
pub(super) struct Target<'a, C: ?Sized>(pub(super) &'a mut C);

impl<C: Extract + ?Sized> Extract for Source<'_, C> {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        self.0.each(key, value);
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.0.each_key(key);
    }
}

impl<C: Inject + ?Sized> Inject for Target<'_, C> {
    fn kind(&self) -> CarrierKind {
        self.0.kind()
    }

    fn contains(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    fn set(&mut self, key: &str, value: &str) {
        self.0.set(key, value);
    }

    fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}
