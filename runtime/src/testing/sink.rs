//! A sink that keeps spans in memory.

use std::sync::{Arc, Mutex, PoisonError};

use crate::span::{Sink, SpanView};
use crate::testing::{SpanRecord, Trace};

/// Keeps every span. Its clones share what they keep: give one to a pipeline and ask the other.
///
/// ```
/// use throughline::testing::MemorySink;
///
/// let memory = MemorySink::new();
/// let for_the_pipeline = memory.clone();
/// assert!(memory.trace().is_empty());
/// # drop(for_the_pipeline);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemorySink {
    spans: Arc<Mutex<Vec<SpanRecord>>>,
}

impl MemorySink {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it has so far.
    pub fn trace(&self) -> Trace {
        Trace::new(self.with(|spans| spans.clone()))
    }

    /// What it has so far, which it then forgets.
    pub fn take(&self) -> Trace {
        Trace::new(self.with(std::mem::take))
    }

    /// A test that panicked while it held the lock left a whole vector behind: only pushes happen under it.
    fn with<R>(&self, f: impl FnOnce(&mut Vec<SpanRecord>) -> R) -> R {
        f(&mut self.spans.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for MemorySink {
    fn span(&mut self, span: &SpanView<'_>) {
        let record = SpanRecord::from(span);
        self.with(|spans| spans.push(record));
    }
}
