//! Puts together what belongs to one span, and hands it to the sinks.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;
use std::mem;
use std::sync::{Arc, PoisonError};

use super::decode::{Key, Words, cut};
use super::pending::Pending;
use super::reader::Trace;
use super::record::{ASIDE_MESSAGE, ASIDE_NAME, marks};
use super::shared::Shared;
use super::sinks::Sinks;
use super::time::Time;
use crate::context::{Flags, RequestId};
use crate::id::{SpanId, SpanIdHasher, TraceId};
use crate::semconv;
use crate::span::{AttributesBuf, Callsite, EventView, LinkView, Outcome, SpanView, ValueView, registry};
use crate::stats::Counters;

/// How much of a span is kept, as OpenTelemetry's span limits have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) attributes: u32,
    pub(crate) events: u32,
    pub(crate) links: u32,
    /// The longest text in bytes.
    pub(crate) text: usize,
    /// The bytes that records of spans still open may hold.
    pub(crate) pending: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attributes: 128, events: 128, links: 128, text: 64 << 10, pending: 8 << 20 }
    }
}

/// The record of a finished span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) callsite: u32,
    pub(super) marks: u16,
    pub(super) span: u64,
    pub(super) parent: u64,
    pub(super) start: u64,
    pub(super) end: u64,
}

pub(super) struct Assembler {
    pub(super) sinks: Sinks,
    pub(super) time: Time,
    limits: Limits,
    counters: Arc<Counters>,
    callsites: Vec<&'static Callsite>,
    /// What came of spans whose end did not, by span.
    pending: HashMap<u64, Pending, BuildHasherDefault<SpanIdHasher>>,
    /// The same in the order in which they came; spans that ended meanwhile are in it still.
    order: VecDeque<u64>,
    bytes: usize,
    /// Emptied ones, kept for their memory.
    spare: Vec<Pending>,
    /// Ended spans that another thread may have written to: for the end of this scan, and of the next.
    ripe: Vec<(Ended, Trace)>,
    unripe: Vec<(Ended, Trace)>,
}

impl Assembler {
    pub(super) fn new(sinks: Sinks, time: Time, limits: Limits, counters: Arc<Counters>) -> Self {
        Self {
            sinks,
            time,
            limits,
            counters,
            callsites: Vec::new(),
            pending: HashMap::default(),
            order: VecDeque::new(),
            bytes: 0,
            spare: Vec::new(),
            ripe: Vec::new(),
            unripe: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn span(&mut self, ended: Ended, trace: &Trace) {
        if ended.marks & marks::SHARED == 0 {
            self.emit(&ended, trace);
        } else {
            self.unripe.push((ended, trace.clone()));
        }
    }

    /// All logs were read once: ends that waited for this scan go out.
    pub(super) fn end_of_scan(&mut self) {
        let mut ripe = mem::take(&mut self.ripe);
        ripe.drain(..).for_each(|(ended, trace)| self.emit(&ended, &trace));
        self.ripe = mem::replace(&mut self.unripe, ripe);
    }

    /// Whether ends wait for a later scan.
    pub(super) fn is_waiting(&self) -> bool {
        !self.ripe.is_empty() || !self.unripe.is_empty()
    }

    pub(super) fn attributes(&mut self, callsite: u32, mut words: Words<'_>) {
        let span = words.word();
        let callsite = self.callsite(callsite);
        let limits = self.limits;
        self.change(span, |pending| {
            while !words.is_empty() {
                let (head, key) = words.key();
                match key {
                    Key::Index(index) => {
                        let key = callsite.and_then(|callsite| callsite.keys.get(usize::from(index)));
                        pending.attribute(key.copied().unwrap_or_default(), &limits, |into| {
                            words.value(head, limits.text, into);
                        });
                    }
                    Key::Text(key) => {
                        pending.attribute(&key, &limits, |into| words.value(head, limits.text, into))
                    }
                    Key::Name => pending.name = words.text_value(head),
                    Key::Message => pending.fail(words.text_value(head)),
                    Key::Outcome => pending.outcome = outcome(words.word()),
                }
            }
        });
    }

    pub(super) fn event(&mut self, mut words: Words<'_>) {
        let (span, tick) = (words.word(), words.word());
        let Some(name) = words.text() else { return };
        let mut attributes = AttributesBuf::new();
        while !words.is_empty() {
            let (head, key) = words.key();
            if let Key::Text(key) = key {
                attributes.push_key(&key);
                words.value(head, self.limits.text, &mut attributes);
            }
        }
        let limits = self.limits;
        self.change(span, |pending| pending.event(tick, name, attributes, &limits));
    }

    pub(super) fn link(&mut self, flags: u8, mut words: Words<'_>) {
        let (span, trace, linked) = (words.word(), words.wide(), words.word());
        let limits = self.limits;
        if let (Some(trace_id), Some(span_id)) = (TraceId::new(trace), SpanId::new(linked)) {
            let link = LinkView { trace_id, span_id, flags: Flags::from_bits(flags).known() };
            self.change(span, |pending| pending.link(link, &limits));
        }
    }

    pub(super) fn times(&mut self, mut words: Words<'_>) {
        let (span, start, end) = (words.word(), words.word(), words.word());
        self.change(span, |pending| pending.times(start, end));
    }

    /// Takes the values that were too long for the logs.
    pub(super) fn take_aside(&mut self, shared: &Shared) {
        let values = {
            let mut aside = shared.aside.lock().unwrap_or_else(PoisonError::into_inner);
            if aside.values.is_empty() {
                return;
            }
            aside.take()
        };
        let limits = self.limits;
        for (span, value) in values {
            for (key, value) in value.view() {
                self.change(span, |pending| match (key, value) {
                    (ASIDE_NAME, ValueView::Str(text)) => pending.name = Some(cut(text, limits.text).into()),
                    (ASIDE_MESSAGE, ValueView::Str(text)) => {
                        pending.fail(Some(cut(text, limits.text).into()))
                    }
                    _ => pending.attribute(key, &limits, |into| into.push_view(value, limits.text)),
                });
            }
        }
    }

    fn change(&mut self, span: u64, change: impl FnOnce(&mut Pending)) {
        let pending = match self.pending.entry(span) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.order.push_back(span);
                let pending = entry.insert(self.spare.pop().unwrap_or_default());
                self.bytes += pending.bytes();
                pending
            }
        };
        let before = pending.bytes();
        change(pending);
        self.bytes = self.bytes + pending.bytes() - before;
        if self.order.len() > 2 * self.pending.len() + 1024 {
            self.forget_ended();
        }
        if self.bytes > self.limits.pending {
            self.make_way();
        }
    }

    /// Takes spans that ended out of the order. That is a look at each, so it is left until about as many ended as are open.
    #[cold]
    fn forget_ended(&mut self) {
        let pending = &self.pending;
        self.order.retain(|span| pending.contains_key(span));
    }

    /// Forgets the oldest records, of spans that ended before them or never end, until the rest is within the limit.
    #[cold]
    fn make_way(&mut self) {
        while self.bytes > self.limits.pending
            && let Some(oldest) = self.order.pop_front()
        {
            if let Some(lost) = self.pending.remove(&oldest) {
                self.bytes -= lost.bytes();
                self.counters.dropped_late.add(lost.records());
            }
        }
    }

    /// What is left of spans that did not end is lost with the pipeline.
    pub(super) fn count_left_over(&mut self) {
        let lost = self.pending.drain().map(|(_, pending)| pending.records()).sum();
        self.counters.dropped_late.add(lost);
    }

    fn callsite(&mut self, number: u32) -> Option<&'static Callsite> {
        let index = (number as usize).checked_sub(1)?;
        while self.callsites.len() <= index {
            self.callsites.push(registry::get(self.callsites.len() as u32 + 1)?);
        }
        self.callsites.get(index).copied()
    }

    fn emit(&mut self, ended: &Ended, trace: &Trace) {
        let is_local_root = ended.parent == 0 || ended.marks & marks::REMOTE_PARENT != 0;
        let mut found = if self.pending.is_empty() { None } else { self.pending.remove(&ended.span) };
        if let Some(pending) = &found {
            self.bytes -= pending.bytes();
        }
        if is_local_root {
            add_request_id(found.get_or_insert_with(|| self.spare.pop().unwrap_or_default()), trace);
        }
        let (Some(callsite), Some(trace_id), Some(span_id)) =
            (self.callsite(ended.callsite), TraceId::new(trace.id), SpanId::new(ended.span))
        else {
            debug_assert!(false, "a span without callsite or IDs");
            return;
        };
        let start = self.time.unix_at(ended.start);
        let mut view = SpanView {
            callsite,
            name: callsite.name,
            trace_id,
            span_id,
            parent: SpanId::new(ended.parent),
            parent_is_remote: ended.marks & marks::REMOTE_PARENT != 0,
            flags: Flags::from_bits(trace.flags).known(),
            trace_state: trace.state.as_deref(),
            start,
            duration: self.time.between(ended.start, ended.end),
            outcome: outcome_of(ended.marks),
            message: None,
            attributes: Default::default(),
            events: &[],
            links: &[],
            dropped: Default::default(),
        };
        self.counters.spans.add(1);
        if view.outcome == Outcome::Panicked {
            found.get_or_insert_with(|| self.spare.pop().unwrap_or_default());
        }
        let Some(mut pending) = found else { return self.sinks.span(&view) };
        pending.complete(&mut view);
        pending.events.sort_by_key(|event| event.tick);
        let time = &self.time;
        let events: Vec<EventView<'_>> = pending.events.iter().map(|event| event.view(time)).collect();
        pending.describe(&mut view);
        view.events = &events;
        self.sinks.span(&view);
        drop(events);
        if self.spare.len() < 64 {
            pending.clear();
            self.spare.push(pending);
        }
    }
}

/// A local root whose request brought no ID has the one that follows from its trace.
fn add_request_id(pending: &mut Pending, trace: &Trace) {
    let known = pending.attributes.view().get(semconv::REQUEST_ID).is_some();
    if let (false, Some(trace_id)) = (known, TraceId::new(trace.id)) {
        pending.attributes.push_key(semconv::REQUEST_ID);
        RequestId::of_trace(trace_id).with_str(|text| pending.attributes.push_str(text));
    }
}

fn outcome_of(marks: u16) -> Outcome {
    if marks & marks::PANICKED != 0 {
        Outcome::Panicked
    } else if marks & marks::CANCELLED != 0 {
        Outcome::Cancelled
    } else {
        Outcome::Ok
    }
}

fn outcome(code: u64) -> Outcome {
    match code {
        1 => Outcome::Error,
        2 => Outcome::Panicked,
        3 => Outcome::Cancelled,
        _ => Outcome::Ok,
    }
}
