//! This thread's log: where its finished spans, attributes and events are appended.
//!
//! The way in is a bounds check, a few stores and a release store; everything else (a new trace, a full chunk, another
//! pipeline) is in `threads`. Values are evaluated before the log is touched, so code that runs for them may
//! trace too.

use std::cell::Cell;

use super::aside;
use super::chunk::Chunk;
use super::encode::{LONGEST_RECORD, Writer, attribute_words, text_words};
use super::record::{Header, KeyRef, Kind, SPAN_WORDS, TRACE_WORDS};
use super::sync::{AtomicU32, AtomicU64, Ordering};
use super::threads;
use crate::context::current;
use crate::context::key::{Key, Meta};
use crate::local::{self, Local};
use crate::span::{Callsite, Value, registry};

/// The part of a key's meta that the trace record holds: what follows is written under one such tag.
pub(super) const TAG: u64 = 0xff | Meta::TRACE_STATE | Meta::PIPELINE_MASK;

pub(crate) struct Log {
    /// The free words of the chunk written to, and where their number is published.
    free: Cell<&'static [AtomicU64]>,
    left: Cell<&'static AtomicU32>,
    /// The trace that the next record belongs to if nothing else is said.
    pub(super) trace: Cell<u128>,
    pub(super) tag: Cell<u64>,
}

/// The words before the attributes of a record of them: header and span.
const ATTRIBUTES_HEAD: usize = 2;

/// Where a thread without a chunk publishes.
static NOWHERE: AtomicU32 = AtomicU32::new(0);

/// A finished span, as it goes into the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanEnd {
    pub(crate) callsite: u32,
    pub(crate) marks: u16,
    pub(crate) span: u64,
    pub(crate) parent: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// Appends a finished span of the trace of `key`.
#[inline]
pub(crate) fn span(key: &Key, span: SpanEnd) {
    local::with(|Local { current, log }| {
        let is_written = if log.is_at(key) { log.write_span(&span) } else { log.write_first(key, &span) };
        if !is_written {
            threads::span(log, *key, span);
        }
        // From here on the spans of this trace take the quick way, if it is the current one.
        current.set_logged(log.is_at(&current.key()));
    });
}

/// Appends a finished span of the current trace, if the log is at that trace and the record fits into the chunk; otherwise
/// does nothing.
#[inline]
pub(crate) fn quick_span(local: &Local, span: &SpanEnd) -> bool {
    local.current.is_logged() && local.log.write_span(span)
}

/// Appends the only span so far of a trace on this thread, if that fits into the chunk; otherwise does nothing.
#[inline]
pub(crate) fn quick_first(local: &Local, key: &Key, span: &SpanEnd) -> bool {
    local.log.write_first(key, span)
}

/// Appends attributes of the current span, with keys by their index in the callsite. `None`, and nothing is appended,
/// when the span is not recorded, a value is of a rare type, or there is no room.
///
/// Inlined, for the caller knows the types: what is left of a number are two stores.
#[inline(always)]
pub(crate) fn quick_attributes<const N: usize>(
    callsite: &Callsite,
    values: [(u16, Value<'_>); N],
) -> Option<()> {
    let mut writer = Writer::new(begin_attributes()?);
    for (index, value) in values {
        writer.usual(index, value)?;
    }
    finish_attributes(callsite, writer.rest())
}

/// The words for the attributes of the current span.
#[inline(never)]
fn begin_attributes() -> Option<&'static [AtomicU64]> {
    local::with(|Local { current, log }| {
        let meta = current.meta.get();
        let is_in_use = (log.tag.get() ^ meta.0) & Meta::PIPELINE_MASK == 0;
        if !(is_in_use && meta.is_recording() && current.span.get() != 0) {
            return None;
        }
        log.free().get(ATTRIBUTES_HEAD..)
    })
}

/// Hands on the record of the attributes, of which `rest` is what was not used.
#[inline(never)]
fn finish_attributes(callsite: &Callsite, rest: &'static [AtomicU64]) -> Option<()> {
    local::with(|Local { current, log }| {
        let free = log.free();
        let number = registry::quick_number(callsite)?;
        let words = free.len().checked_sub(rest.len()).filter(|words| *words <= LONGEST_RECORD)?;
        let [header, span] = free.first_chunk::<ATTRIBUTES_HEAD>()?;
        header.store(Header::new(Kind::Attributes, 0, words, number).0, Ordering::Relaxed);
        span.store(current.span.get(), Ordering::Relaxed);
        log.publish(rest);
        Some(())
    })
}

/// Appends attributes of the span of `key`. `callsite` is the one whose keys the indexes mean.
#[inline]
pub(crate) fn attributes(key: &Key, callsite: u32, values: &[(KeyRef<'_>, Value<'_>)]) {
    let words = values.iter().fold(2, |words, (key, value)| words + attribute_words(*key, *value));
    if words > LONGEST_RECORD {
        return aside::long_attributes(key, callsite, values);
    }
    if words > 2 {
        append(key, Header::new(Kind::Attributes, 0, words, callsite), has_array(values), |writer| {
            writer.word(key.span);
            values.iter().for_each(|(key, value)| writer.attribute(*key, *value));
        });
    }
}

/// Appends an event of the span of `key`. `false` when it is too long.
pub(crate) fn event(key: &Key, tick: u64, name: &str, values: &[(KeyRef<'_>, Value<'_>)]) -> bool {
    let words =
        values.iter().fold(3 + text_words(name), |words, (key, value)| words + attribute_words(*key, *value));
    if words > LONGEST_RECORD {
        return false;
    }
    append(key, Header::new(Kind::Event, 0, words, 0), has_array(values), |writer| {
        writer.word(key.span);
        writer.word(tick);
        writer.text(name);
        values.iter().for_each(|(key, value)| writer.attribute(*key, *value));
    });
    true
}

/// Appends a link of the span of `key` to the span of `other`.
pub(crate) fn link(key: &Key, other: &Key) {
    append(key, Header::with_flags(Kind::Link, other.meta.flags(), 5), false, |writer| {
        writer.word(key.span);
        writer.word((other.trace >> 64) as u64);
        writer.word(other.trace as u64);
        writer.word(other.span);
    });
}

/// Appends when the span of `key` began and ended, in nanoseconds since 1970; 0 leaves what the clock said.
pub(crate) fn times(key: &Key, start: u64, end: u64) {
    append(key, Header::new(Kind::Times, 0, 4, 0), false, |writer| {
        [key.span, start, end].into_iter().for_each(|word| writer.word(word));
    });
}

/// Counts a record that is lost.
pub(crate) fn lost_record(key: &Key) {
    let _ = threads::count_lost_record(key);
}

#[inline]
fn append(key: &Key, header: Header, stage: bool, fill: impl FnOnce(&mut Writer<'_>)) {
    if stage {
        return append_staged(key, header, fill);
    }
    local::with(|Local { log, .. }| {
        if let Some(words) = log.reserve(key, header.words()) {
            let mut writer = Writer::new(words);
            writer.word(header.0);
            fill(&mut writer);
            log.commit(header.words());
        }
    });
}

/// Reading an array runs its owner's code, which might trace, and so write to this log.
fn has_array(values: &[(KeyRef<'_>, Value<'_>)]) -> bool {
    values.iter().any(|(_, value)| matches!(value, Value::Array(_)))
}

/// Writes the record aside first, then copies it.
fn append_staged(key: &Key, header: Header, fill: impl FnOnce(&mut Writer<'_>)) {
    let staged: Vec<AtomicU64> = std::iter::repeat_with(|| AtomicU64::new(0)).take(header.words()).collect();
    let mut writer = Writer::new(&staged);
    writer.word(header.0);
    fill(&mut writer);
    local::with(|Local { log, .. }| {
        if let Some(words) = log.reserve(key, staged.len()) {
            for (word, staged) in words.iter().zip(&staged) {
                word.store(staged.load(Ordering::Relaxed), Ordering::Relaxed);
            }
            log.commit(staged.len());
        }
    });
}

impl Log {
    pub(crate) const fn new() -> Self {
        Self { free: Cell::new(&[]), left: Cell::new(&NOWHERE), trace: Cell::new(0), tag: Cell::new(0) }
    }

    /// Whether the next record belongs to the trace of `key` if nothing else is said.
    #[inline]
    pub(super) fn is_at(&self, key: &Key) -> bool {
        self.trace.get() == key.trace && self.tag.get() == key.meta.0 & TAG
    }

    /// Writes the record of a trace of the same pipeline, then of its span, if both fit into the chunk.
    #[inline]
    fn write_first(&self, key: &Key, span: &SpanEnd) -> bool {
        const WORDS: usize = TRACE_WORDS + SPAN_WORDS;
        let is_plain =
            (self.tag.get() ^ key.meta.0) & Meta::PIPELINE_MASK == 0 && !key.meta.has(Meta::TRACE_STATE);
        let Some((words, rest)) = self.free.get().split_first_chunk::<WORDS>().filter(|_| is_plain) else {
            return false;
        };
        let [t0, t1, t2, s0, s1, s2, s3, s4] = words;
        fill_trace([t0, t1, t2], key);
        fill_span([s0, s1, s2, s3, s4], span);
        self.publish(rest);
        self.go_to(key);
        true
    }

    /// Writes the record of a trace, if it fits into the chunk.
    #[inline]
    pub(super) fn write_trace(&self, key: &Key) -> bool {
        let Some((words, rest)) = self.free.get().split_first_chunk() else { return false };
        fill_trace(words.each_ref(), key);
        self.publish(rest);
        self.go_to(key);
        true
    }

    /// Writes the record of a span, if it fits into the chunk.
    #[inline]
    pub(super) fn write_span(&self, span: &SpanEnd) -> bool {
        let Some((words, rest)) = self.free.get().split_first_chunk() else { return false };
        fill_span(words.each_ref(), span);
        self.publish(rest);
        true
    }

    /// From now on records belong to the trace of `key`.
    #[inline]
    fn go_to(&self, key: &Key) {
        self.trace.set(key.trace);
        self.tag.set(key.meta.0 & TAG);
        current::with(|current| current.set_logged(false));
    }

    /// Words for a record of a span of `key`. Such records name their span, so only the pipeline must be the right one.
    #[inline]
    fn reserve(&self, key: &Key, words: usize) -> Option<&'static [AtomicU64]> {
        if (self.tag.get() ^ key.meta.0) & Meta::PIPELINE_MASK != 0 || self.free().len() < words {
            threads::make_room(self, key, words).or_else(|| threads::count_lost_record(key))?;
        }
        self.free().get(..words)
    }

    /// The words not written yet.
    #[inline]
    pub(super) fn free(&self) -> &'static [AtomicU64] {
        self.free.get()
    }

    /// Hands the next `words` words on to the worker.
    #[inline]
    pub(super) fn commit(&self, words: usize) {
        self.publish(self.free().get(words..).unwrap_or_default());
    }

    #[inline]
    fn publish(&self, rest: &'static [AtomicU64]) {
        self.free.set(rest);
        Chunk::publish(self.left.get(), rest.len());
    }

    /// From now on writes to `chunk`, of which `left` words are free.
    pub(super) fn write_to(&self, chunk: &'static Chunk, left: usize) {
        let words = chunk.words();
        self.free.set(words.get(words.len() - left..).unwrap_or_default());
        self.left.set(chunk.left());
    }

    /// Puts the log into the state of a thread that never wrote.
    pub(super) fn leave(&self) {
        self.free.set(&[]);
        self.left.set(&NOWHERE);
        self.go_to(&Key::EMPTY);
    }

    /// Puts the log into the state that another one was left in.
    pub(super) fn go_back_to(&self, trace: u128, tag: u64) {
        self.trace.set(trace);
        self.tag.set(tag);
        current::with(|current| current.set_logged(false));
    }
}

#[inline]
fn fill_trace([header, high, low]: [&AtomicU64; TRACE_WORDS], key: &Key) {
    header.store(Header::with_flags(Kind::Trace, key.meta.flags(), TRACE_WORDS).0, Ordering::Relaxed);
    high.store((key.trace >> 64) as u64, Ordering::Relaxed);
    low.store(key.trace as u64, Ordering::Relaxed);
}

#[inline]
fn fill_span([header, id, parent, start, end]: [&AtomicU64; SPAN_WORDS], span: &SpanEnd) {
    header.store(Header::new(Kind::Span, span.marks, SPAN_WORDS, span.callsite).0, Ordering::Relaxed);
    id.store(span.span, Ordering::Relaxed);
    parent.store(span.parent, Ordering::Relaxed);
    start.store(span.start, Ordering::Relaxed);
    end.store(span.end, Ordering::Relaxed);
}

/// Stops writing to `chunk`, which is about to be another's.
pub(super) fn leave_chunk(chunk: &Chunk) {
    local::with(|Local { log, .. }| {
        if std::ptr::eq(log.left.get(), chunk.left()) {
            log.leave();
        }
    });
}
