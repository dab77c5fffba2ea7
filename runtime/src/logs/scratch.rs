//! Buffers that a thread uses again for each line.

use std::cell::Cell;

/// A buffer that grew larger than this, in bytes, is given back: one huge line must not cost memory for ever.
const KEPT: usize = 64 * 1024;

/// What writing a line needs.
#[derive(Default)]
pub(super) struct Scratch {
    /// The line.
    pub(super) line: Vec<u8>,
    /// The fields of the enclosing spans.
    pub(super) spans: String,
}

/// Calls `f` with empty buffers. A line written while another is (by a `Debug` that logs) gets new ones, and so does
/// a thread that is ending.
pub(super) fn with<R>(f: impl FnOnce(&mut Scratch) -> R) -> R {
    thread_local!(static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) });
    let mut scratch = SCRATCH.try_with(Cell::take).ok().flatten().unwrap_or_default();
    scratch.line.clear();
    scratch.spans.clear();
    let result = f(&mut scratch);
    if scratch.line.capacity() <= KEPT && scratch.spans.capacity() <= KEPT {
        let _ = SCRATCH.try_with(|cell| cell.set(Some(scratch)));
    }
    result
}
