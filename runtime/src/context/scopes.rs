//! Where a context becomes current and ceases to be, for those who want to know.
//!
//! Whatever takes the quick way does not ask: it is closed where somebody wants to know.

use std::sync::OnceLock;

use crate::context::key::Key;

/// What is called when a scope has made a context current, and just before it ceases to be.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "logs"),
    allow(dead_code, reason = "spans are mirrored to subscribers of `tracing`")
)]
pub(crate) struct Scopes {
    pub(crate) enters: fn(&Key),
    pub(crate) leaves: fn(&Key),
}

static SCOPES: OnceLock<Scopes> = OnceLock::new();

/// Tells `scopes` of every scope from now on. The first one stays.
#[cfg_attr(
    not(feature = "logs"),
    allow(dead_code, reason = "spans are mirrored to subscribers of `tracing`")
)]
pub(crate) fn watch(scopes: Scopes) {
    let _ = SCOPES.set(scopes);
}

#[inline]
pub(crate) fn entered(key: &Key) {
    if let Some(scopes) = SCOPES.get() {
        (scopes.enters)(key);
    }
}

#[inline]
pub(crate) fn leaving(key: &Key) {
    if let Some(scopes) = SCOPES.get() {
        (scopes.leaves)(key);
    }
}
