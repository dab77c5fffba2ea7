//! What stands in a log: records of whole words. The first word of each is its header.
//!
//! | record | words after the header |
//! |---|---|
//! | trace | trace ID (2); the header has the flags of the trace: what follows belongs to it |
//! | span | span ID, parent's span ID, tick of the start, tick of the end; the header has callsite and marks |
//! | attributes | span ID, attributes; the header has the callsite whose keys the indexes mean |
//! | event | span ID, tick, name, attributes |
//! | link | span ID, trace ID (2), span ID linked to; the header has the flags |
//! | trace state | text: of the trace that stands before it |
//! | times | span ID, start, end in nanoseconds since 1970: those of the span's record do not count where these are not 0 |

use crate::context::Flags;

/// The kind of a record, in the low byte of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Trace = 1,
    Span = 2,
    Attributes = 3,
    Event = 4,
    Link = 5,
    TraceState = 6,
    Times = 7,
}

/// The header of a record: kind (8 bits), marks or flags (8), words (16), callsite (32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header(pub(crate) u64);

/// Marks of a span's record, where they stand in its header: bits 8-15.
pub(crate) mod marks {
    use crate::context::key::Meta;

    const _: () = assert!(Meta::SHARED == SHARED as u64);

    /// The parent is in another process.
    pub(crate) const REMOTE_PARENT: u16 = 1 << 8;
    /// It was dropped unfinished.
    pub(crate) const CANCELLED: u16 = 1 << 9;
    /// It panicked.
    pub(crate) const PANICKED: u16 = 1 << 10;
    /// Another thread may have written records of this span: they are looked for in one more scan. [`Meta`] has it at the
    /// same place.
    pub(crate) const SHARED: u16 = 1 << 11;

    /// Somebody is told when it ends.
    pub(crate) const WATCHED: u16 = 1 << 12;

    /// The mark of a span whose key this is.
    #[inline]
    pub(crate) const fn shared(key: Meta) -> u16 {
        key.0 as u16 & SHARED
    }
}

/// The words of a span's record.
pub(crate) const SPAN_WORDS: usize = 5;
/// The words of a trace's record.
pub(crate) const TRACE_WORDS: usize = 3;

impl Header {
    #[inline]
    pub(crate) const fn new(kind: Kind, marks: u16, words: usize, callsite: u32) -> Self {
        Self(kind as u64 | marks as u64 | (words as u64 & 0xffff) << 16 | (callsite as u64) << 32)
    }

    #[inline]
    pub(crate) const fn kind(self) -> Option<Kind> {
        Some(match self.0 as u8 {
            1 => Kind::Trace,
            2 => Kind::Span,
            3 => Kind::Attributes,
            4 => Kind::Event,
            5 => Kind::Link,
            6 => Kind::TraceState,
            7 => Kind::Times,
            _ => return None,
        })
    }

    /// The header of a record with the flags of a trace in the place of marks.
    #[inline]
    pub(crate) const fn with_flags(kind: Kind, flags: Flags, words: usize) -> Self {
        Self::new(kind, (flags.bits() as u16) << 8, words, 0)
    }

    #[inline]
    pub(crate) const fn marks(self) -> u16 {
        self.0 as u16 & 0xff00
    }

    #[inline]
    pub(crate) const fn flags(self) -> u8 {
        (self.0 >> 8) as u8
    }

    #[inline]
    pub(crate) const fn words(self) -> usize {
        (self.0 >> 16 & 0xffff) as usize
    }

    #[inline]
    pub(crate) const fn callsite(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// The type of a value, in the low byte of the attribute's first word; the key's index is in bits 16-31, a length or a
/// bool in bits 32-63.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    Bool = 1,
    I64 = 2,
    U64 = 3,
    I128 = 4,
    U128 = 5,
    F64 = 6,
    /// Length in bytes; the bytes follow.
    Str = 7,
    /// Length in words; the elements follow.
    Array = 8,
}

impl Tag {
    pub(crate) const fn of(word: u64) -> Option<Self> {
        Some(match word as u8 {
            1 => Self::Bool,
            2 => Self::I64,
            3 => Self::U64,
            4 => Self::I128,
            5 => Self::U128,
            6 => Self::F64,
            7 => Self::Str,
            8 => Self::Array,
            _ => return None,
        })
    }
}

/// How the key of an attribute is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRef<'a> {
    /// By its index in the callsite.
    Index(u16),
    /// In the record itself.
    Text(&'a str),
    /// It is the new name of the span.
    Name,
    /// It is the message of the span's error, which it marks as failed.
    Message,
    /// It is the outcome of the span: 0 ok, 1 error, 2 panicked, 3 cancelled.
    Outcome,
}

pub(crate) const KEY_TEXT: u16 = u16::MAX;
pub(crate) const KEY_NAME: u16 = u16::MAX - 1;
pub(crate) const KEY_MESSAGE: u16 = u16::MAX - 2;
pub(crate) const KEY_OUTCOME: u16 = u16::MAX - 3;

impl KeyRef<'_> {
    pub(crate) const fn code(self) -> u16 {
        match self {
            Self::Index(index) => index,
            Self::Text(_) => KEY_TEXT,
            Self::Name => KEY_NAME,
            Self::Message => KEY_MESSAGE,
            Self::Outcome => KEY_OUTCOME,
        }
    }
}

/// The words that hold `bytes` bytes.
#[inline]
pub(crate) const fn words_of(bytes: usize) -> usize {
    bytes.div_ceil(8)
}

/// The keys by which a name or message that is too long for the log goes aside. No attribute can have them.
pub(crate) const ASIDE_NAME: &str = "\0name";
pub(crate) const ASIDE_MESSAGE: &str = "\0message";
