//! Closures.

use throughline::Context;

/// [`rayon::join`] with the context that is current now, on whatever threads the two run.
///
/// # Panics
///
/// When one of the two does.
///
/// ```
/// assert_eq!(throughline_rayon::join(|| 1, || 2), (1, 2));
/// ```
pub fn join<A, B, RA, RB>(a: A, b: B) -> (RA, RB)
where
    A: FnOnce() -> RA + Send,
    B: FnOnce() -> RB + Send,
    RA: Send,
    RB: Send,
{
    let context = Context::current();
    rayon::join(context.clone().carry(a), context.carry(b))
}

/// [`rayon::spawn`] with the context that is current now.
///
/// ```
/// let (sender, receiver) = std::sync::mpsc::channel();
/// throughline_rayon::spawn(move || sender.send(1 + 1).unwrap());
/// assert_eq!(receiver.recv(), Ok(2));
/// ```
pub fn spawn<F: FnOnce() + Send + 'static>(f: F) {
    rayon::spawn(Context::current().carry(f));
}
