//! Whether what happens to a span of `tracing` is done by the mirror: what a layer of ours sees then is not news.

use std::cell::Cell;

use crate::context::key::Key;

thread_local! {
    /// The span that the mirror is at.
    static AT: Cell<Option<Key>> = const { Cell::new(None) };
}

/// Calls `f` for the span with this key. `None`, and `f` is not called, inside of another such call: subscribers that
/// make spans of ours would go on without end.
pub(super) fn working<R>(key: Key, f: impl FnOnce() -> R) -> Option<R> {
    struct Done;
    impl Drop for Done {
        fn drop(&mut self) {
            AT.set(None);
        }
    }
    if is_at_work() {
        return None;
    }
    AT.set(Some(key));
    let _done = Done;
    Some(f())
}

/// Whether the mirror is at work on this thread.
pub(in crate::logs) fn is_at_work() -> bool {
    mirrored().is_some()
}

/// The span that the mirror is at.
pub(in crate::logs) fn mirrored() -> Option<Key> {
    AT.get()
}
