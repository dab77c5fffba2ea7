//! What other modules want to know of spans, without spans knowing them.

use std::sync::OnceLock;

use crate::context::key::Key;

static LOCAL_ROOT_ENDS: OnceLock<fn(&Key, u32)> = OnceLock::new();

/// Calls `hook` with the key and the number of the callsite of every recorded local root just before it ends: the last
/// moment to write attributes on it. The first hook stays.
#[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "sums of model calls are what is written then"))]
pub(crate) fn on_local_root_end(hook: fn(&Key, u32)) {
    let _ = LOCAL_ROOT_ENDS.set(hook);
}

#[inline]
pub(crate) fn local_root_ends(root: &Key, callsite: u32) {
    if let Some(hook) = LOCAL_ROOT_ENDS.get() {
        hook(root, callsite);
    }
}

/// Whether there is a hook.
#[inline]
pub(crate) fn is_root_awaited() -> bool {
    LOCAL_ROOT_ENDS.get().is_some()
}
