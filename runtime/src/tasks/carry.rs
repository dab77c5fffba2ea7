//! Closures.

use crate::Context;

impl Context {
    /// Wraps `f` so that it runs inside of this context, on whatever thread: for pools and callbacks.
    ///
    /// ```
    /// let task = throughline::Context::current().carry(|| "done");
    /// assert_eq!(std::thread::spawn(task).join().unwrap(), "done");
    /// ```
    pub fn carry<F: FnOnce() -> T, T>(self, f: F) -> impl FnOnce() -> T {
        move || {
            let _attached = self.attach();
            f()
        }
    }
}
