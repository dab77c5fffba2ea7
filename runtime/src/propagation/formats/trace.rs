//! The trace that all formats carry.

use crate::context::{ContextParts, Flags};
use crate::id::{SpanId, TraceId};

/// Where a request is in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) flags: Flags,
}

impl Trace {
    /// `None` for numbers that are no IDs.
    pub(super) fn new(trace_id: u128, span_id: u64, flags: Flags) -> Option<Self> {
        Some(Self { trace_id: TraceId::new(trace_id)?, span_id: SpanId::new(span_id)?, flags })
    }

    /// The trace to be written, if there is one.
    pub(super) fn of(parts: &ContextParts) -> Option<Self> {
        Some(Self { trace_id: parts.trace_id?, span_id: parts.span_id?, flags: parts.flags })
    }

    /// Puts it in place of what was read so far. A trace state belongs to the parent that it came with, and that an ID is
    /// random to the ID, which these formats do not say.
    pub(super) fn put_into(self, parts: &mut ContextParts) {
        let is_random = parts.trace_id == Some(self.trace_id) && parts.flags.is_random();
        if (parts.trace_id, parts.span_id) != (Some(self.trace_id), Some(self.span_id)) {
            parts.trace_state = None;
        }
        parts.trace_id = Some(self.trace_id);
        parts.span_id = Some(self.span_id);
        parts.flags = if is_random { self.flags.with(Flags::RANDOM) } else { self.flags };
    }

    /// The verdict, for formats that cannot leave it open.
    pub(super) fn is_sampled(&self) -> bool {
        self.flags.decided().is_sampled()
    }

    /// Whether it is recorded for debugging.
    pub(super) fn is_debug(&self) -> bool {
        self.flags.is_debug()
    }

    /// The verdict as a digit.
    pub(super) fn digit(&self) -> char {
        if self.is_sampled() { '1' } else { '0' }
    }
}

/// Has nobody record the trace, where a request says no and no more than that. One without a trace gets one, so that what
/// comes after it here and elsewhere knows.
pub(super) fn refuse(parts: &mut ContextParts) {
    let random = || Trace::new(fastrand::u128(1..), fastrand::u64(1..), Flags::default());
    if let Some(trace) = Trace::of(parts).or_else(random) {
        Trace { flags: sampled(false), ..trace }.put_into(parts);
    }
}

/// The flags of a trace that is recorded for debugging.
pub(super) const DEBUG: Flags = Flags::SAMPLED.with(Flags::DEBUG);

/// The flags of a trace that is recorded or not.
pub(super) const fn sampled(is_sampled: bool) -> Flags {
    if is_sampled { Flags::SAMPLED } else { Flags::from_bits(0) }
}
