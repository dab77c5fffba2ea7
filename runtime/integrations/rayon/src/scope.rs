//! Scopes, whose work may borrow.

use rayon::{Scope, ScopeFifo};
use throughline::Context;

/// [`rayon::scope`] with the context that is current now, on whatever thread `f` runs. What it spawns takes the context
/// along by [`ScopeExt`].
///
/// # Panics
///
/// When `f` or what it spawns does.
///
/// ```
/// use throughline_rayon::ScopeExt as _;
///
/// let mut numbers = [1, 2];
/// let [a, b] = &mut numbers;
/// throughline_rayon::scope(|scope| {
///     scope.spawn_in_context(|_| *a += 1);
///     scope.spawn_in_context(|_| *b += 1);
/// });
/// assert_eq!(numbers, [2, 3]);
/// ```
pub fn scope<'scope, F, R>(f: F) -> R
where
    F: FnOnce(&Scope<'scope>) -> R + Send,
    R: Send,
{
    rayon::scope(in_current_context(f))
}

/// The scopes of rayon with the context that is current when something is spawned.
pub trait ScopeExt<'scope> {
    /// The method `spawn` (of a [`ScopeFifo`], `spawn_fifo`) with the context that is current now.
    fn spawn_in_context<F>(&self, f: F)
    where
        F: FnOnce(&Self) + Send + 'scope;
}

impl<'scope> ScopeExt<'scope> for Scope<'scope> {
    fn spawn_in_context<F>(&self, f: F)
    where
        F: FnOnce(&Self) + Send + 'scope,
    {
        self.spawn(in_current_context(f));
    }
}

impl<'scope> ScopeExt<'scope> for ScopeFifo<'scope> {
    fn spawn_in_context<F>(&self, f: F)
    where
        F: FnOnce(&Self) + Send + 'scope,
    {
        self.spawn_fifo(in_current_context(f));
    }
}

/// `f` with the context that is current now, wherever it runs.
fn in_current_context<S, R>(f: impl FnOnce(&S) -> R) -> impl FnOnce(&S) -> R {
    let context = Context::current();
    move |scope| {
        let _attached = context.attach();
        f(scope)
    }
}
