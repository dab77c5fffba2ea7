//! The flags of a trace.

/// The flags of a trace, as in the last field of a
/// [`traceparent`](https://www.w3.org/TR/trace-context-2/#trace-flags).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// The trace is recorded.
    pub const SAMPLED: Self = Self(1);
    /// The low 7 bytes of the trace ID are random (level 2 of the recommendation).
    pub const RANDOM: Self = Self(2);
    /// Nobody has decided yet whether the trace is recorded: the sampler does for whoever goes on with it. Some formats of
    /// other tracing systems can leave that open; a `traceparent` cannot, and this is none of its flags.
    pub const DEFERRED: Self = Self(0x80);
    /// The trace is recorded, and nobody is to drop it later: somebody looks for what goes wrong in it. Some formats of other
    /// tracing systems say so, and are told so again; it is no flag of a `traceparent`, and is not exported.
    pub const DEBUG: Self = Self(0x40);
    /// Those that have a meaning at level 2 of the recommendation.
    pub(crate) const KNOWN: Self = Self::SAMPLED.with(Self::RANDOM);

    /// The flags with these bits. Bits without a meaning yet are kept as they are.
    #[inline]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The bits.
    #[inline]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the trace is recorded.
    #[inline]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Whether the low 7 bytes of the trace ID are random.
    #[inline]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }

    /// Whether nobody has decided yet if the trace is recorded.
    #[inline]
    pub const fn is_deferred(self) -> bool {
        self.0 & Self::DEFERRED.0 != 0
    }

    /// Whether the trace is recorded for debugging.
    #[inline]
    pub const fn is_debug(self) -> bool {
        self.is_sampled() && self.0 & Self::DEBUG.0 != 0
    }

    /// The flags that a `traceparent` can have.
    #[inline]
    pub(crate) const fn known(self) -> Self {
        Self(self.0 & Self::KNOWN.0)
    }

    /// The flags where the verdict cannot be left open: a trace too many is better than one that is lost.
    #[inline]
    pub(crate) const fn decided(self) -> Self {
        if self.is_deferred() { self.without(Self::DEFERRED).with(Self::SAMPLED) } else { self }
    }

    /// These flags and `others`.
    #[inline]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// These flags without `others`.
    #[inline]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}
