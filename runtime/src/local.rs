//! The cells of a thread: what is current, and where its log stands.
//!
//! They are one block, so that a span finds all of them by one access, which outside of link-time optimization costs as much
//! as a call. They have no destructor: a thread that is ending can still read them, and reading needs no check.

use crate::collect::log::Log;
use crate::context::current::Current;

pub(crate) struct Local {
    pub(crate) current: Current,
    pub(crate) log: Log,
}

thread_local! {
    static LOCAL: Local = const { Local { current: Current::new(), log: Log::new() } };
}

#[inline(always)]
pub(crate) fn with<R>(f: impl FnOnce(&Local) -> R) -> R {
    LOCAL.with(f)
}
