//! The key that threads, spans and futures carry.

use crate::context::Flags;
use crate::id::{SpanId, TraceId};

/// A context in 32 bytes, without owning anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key {
    /// The trace; 0 for none.
    pub(crate) trace: u128,
    /// The span; 0 for none.
    pub(crate) span: u64,
    /// Everything else.
    pub(crate) meta: Meta,
}

/// Flags, pipeline and slot, packed:
/// bits 0-7 W3C flags, 8-13 our marks, 14-30 slot, 31-44 pipeline, 45-63 the slot's generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta(pub(crate) u64);

// In the lower half, where a test for it takes one instruction.
const SLOT: u32 = 14;
const SLOT_BITS: u32 = 17;
const PIPELINE: u32 = SLOT + SLOT_BITS;
const PIPELINE_BITS: u32 = 14;

const fn mask(bits: u32) -> u64 {
    (1 << bits) - 1
}

impl Meta {
    /// The W3C bit "sampled".
    pub(crate) const SAMPLED: u64 = Flags::SAMPLED.bits() as u64;
    /// The span of the key is in another process.
    pub(crate) const REMOTE: u64 = 1 << 8;
    /// IDs and times come from a counter of the pipeline: tests.
    pub(crate) const DETERMINISTIC: u64 = 1 << 9;
    /// The slot holds a trace state.
    pub(crate) const TRACE_STATE: u64 = 1 << 10;
    /// A [`Context`](crate::Context) of this span was handed out: another thread may write to the span.
    pub(crate) const SHARED: u64 = 1 << 11;
    /// The trace is not recorded, and a span of this process stands for it.
    pub(crate) const UNSAMPLED: u64 = 1 << 12;
    /// The span of the key is a call of a model, or work for one.
    pub(crate) const MODEL_CALL: u64 = 1 << 13;
    /// Flags, marks and pipeline: what the log needs to know of a trace.
    pub(crate) const PIPELINE_MASK: u64 = mask(PIPELINE_BITS) << PIPELINE;
    /// Where the generation begins.
    pub(crate) const GENERATION: u32 = PIPELINE + PIPELINE_BITS;
    const SLOT_INDEX: u64 = mask(SLOT_BITS) << SLOT;
    const SLOT_MASK: u64 = Self::SLOT_INDEX | !mask(Self::GENERATION);

    /// The highest number of a pipeline.
    pub(crate) const LAST_PIPELINE: u32 = Self::NO_PIPELINE - 1;
    /// The number that no pipeline has: threads of exporters, which must not trace themselves, carry it.
    pub(crate) const NO_PIPELINE: u32 = mask(PIPELINE_BITS) as u32;
    pub(crate) const MAX_SLOT: u32 = mask(SLOT_BITS) as u32;
    pub(crate) const GENERATIONS: u32 = 1 << (64 - Self::GENERATION);

    #[inline]
    pub(crate) const fn has(self, mark: u64) -> bool {
        self.0 & mark != 0
    }

    #[inline]
    pub(crate) const fn with(self, mark: u64) -> Self {
        Self(self.0 | mark)
    }

    #[inline]
    pub(crate) const fn without(self, mark: u64) -> Self {
        Self(self.0 & !mark)
    }

    /// The trace is recorded; if there is a span, it is of this process.
    #[inline]
    pub(crate) const fn is_recording(self) -> bool {
        self.0 & (Self::SAMPLED | Self::REMOTE) == Self::SAMPLED
    }

    #[inline]
    pub(crate) const fn flags(self) -> Flags {
        Flags::from_bits(self.0 as u8)
    }

    #[inline]
    pub(crate) const fn with_flags(self, flags: Flags) -> Self {
        Self(self.0 & !0xff | flags.bits() as u64)
    }

    #[inline]
    pub(crate) const fn pipeline(self) -> u32 {
        (self.0 >> PIPELINE & mask(PIPELINE_BITS)) as u32
    }

    #[inline]
    pub(crate) const fn with_pipeline(self, pipeline: u32) -> Self {
        Self(self.0 & !Self::PIPELINE_MASK | (pipeline as u64 & mask(PIPELINE_BITS)) << PIPELINE)
    }

    /// The slot's index, 0 for none.
    #[inline]
    pub(crate) const fn slot(self) -> u32 {
        (self.0 >> SLOT & mask(SLOT_BITS)) as u32
    }

    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        (self.0 >> Self::GENERATION) as u32
    }

    /// Index and generation of the slot, as they are in the key.
    #[inline]
    pub(crate) const fn slot_bits(self) -> u64 {
        self.0 & Self::SLOT_MASK
    }

    #[inline]
    pub(crate) const fn has_slot(self) -> bool {
        self.has(Self::SLOT_INDEX)
    }

    #[inline]
    pub(crate) const fn with_slot(self, index: u32, generation: u32) -> Self {
        Self(self.0 & !Self::SLOT_MASK | (index as u64) << SLOT | (generation as u64) << Self::GENERATION)
    }

    #[inline]
    pub(crate) const fn without_slot(self) -> Self {
        Self(self.0 & !Self::SLOT_MASK & !Self::TRACE_STATE)
    }
}

impl Key {
    pub(crate) const EMPTY: Self = Self { trace: 0, span: 0, meta: Meta(0) };

    /// Neither a trace nor anything in a slot.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.trace == 0 && !self.meta.has_slot()
    }

    /// A span of this process that is recorded is current.
    #[inline]
    pub(crate) const fn is_recording(&self) -> bool {
        self.meta.is_recording() && self.span != 0
    }

    #[inline]
    pub(crate) const fn trace_id(&self) -> Option<TraceId> {
        TraceId::new(self.trace)
    }

    #[inline]
    pub(crate) const fn span_id(&self) -> Option<SpanId> {
        SpanId::new(self.span)
    }

    /// Tells contexts apart in one word: the ID of a span of this process is unique; others may be those of several
    /// requests, whose slots differ.
    #[inline]
    pub(crate) const fn fingerprint(&self) -> u64 {
        let is_unique = self.span != 0 && !self.meta.has(Meta::REMOTE);
        if is_unique { self.span } else { self.span ^ self.meta.slot_bits() }
    }
}
