//! What a wrapper holds: it is polled, and dropped, inside of its scope.
#![expect(
    unsafe_code,
    reason = "an `Option` that is emptied in time would be asked at every poll: a tenth of what a poll costs"
)]

use std::mem::ManuallyDrop;
use std::pin::Pin;

use crate::span::scope::Scope;

/// A future or stream with its scope, which is first: to reach it takes no instruction. Pinned, it pins what it holds.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Scoped<T> {
    scope: Scope,
    held: ManuallyDrop<T>,
}

impl<T> Scoped<T> {
    #[inline]
    pub(crate) fn new(held: T, scope: Scope) -> Self {
        Self { held: ManuallyDrop::new(held), scope }
    }

    #[inline]
    pub(crate) fn get(&self) -> &T {
        &self.held
    }

    /// [`Scope::inside_until`], with what is held.
    #[inline(always)]
    pub(crate) fn inside_until<R>(
        self: Pin<&mut Self>,
        is_end: impl FnOnce(&R) -> bool,
        f: impl FnOnce(Pin<&mut T>, bool) -> R,
    ) -> R {
        // SAFETY: `held` is never moved out of or handed out unpinned; `drop` below drops it in place; that `Scoped` is
        // `Unpin` only if `T` is follows from the field. The scope is not pinned.
        let (held, scope) = unsafe {
            let Self { held, scope } = self.get_unchecked_mut();
            (Pin::new_unchecked(&mut **held), scope)
        };
        scope.inside_until(is_end, |is_recorded| f(held, is_recorded))
    }

    /// The scope for whoever takes it over, after what is held has done its work.
    pub(crate) fn take_scope(self: Pin<&mut Self>) -> Scope {
        // SAFETY: nothing is moved out of `held`; the scope is not pinned.
        unsafe { self.get_unchecked_mut() }.scope.take()
    }
}

impl<T> Drop for Scoped<T> {
    #[inline]
    fn drop(&mut self) {
        let Self { held, scope } = self;
        // SAFETY: nothing uses `held` after this, which is called once.
        scope.abandon(|| unsafe { ManuallyDrop::drop(held) });
    }
}
