//! How many connections of a pool are taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The connections of a pool that are taken or waited for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leases(Arc<AtomicU32>);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lease(Leases);

impl Leases {
    /// Counts one more, and says how many there were before.
    pub(crate) fn take(&self) -> (Lease, u32) {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        (Lease(self.clone()), before)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
