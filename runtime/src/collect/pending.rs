//! What is known of a span before its end is.

use std::mem;

use super::assemble::Limits;
use super::time::Time;
use crate::semconv;
use crate::span::{AttributesBuf, Dropped, EventView, LinkView, Outcome, SpanView};

#[derive(Default)]
pub(super) struct Pending {
    pub(super) attributes: AttributesBuf,
    /// How many there are, those that were set again included.
    count: u32,
    /// How many keys there are, once there were as many attributes as the limit allows keys.
    keys: u32,
    pub(super) events: Vec<PendingEvent>,
    links: Vec<LinkView>,
    pub(super) name: Option<String>,
    message: Option<String>,
    pub(super) outcome: Outcome,
    dropped: Dropped,
    /// Given ones, in nanoseconds since 1970; 0 where the clock's count.
    start: u64,
    end: u64,
}

pub(super) struct PendingEvent {
    pub(super) tick: u64,
    name: String,
    attributes: AttributesBuf,
}

impl PendingEvent {
    pub(super) fn view(&self, time: &Time) -> EventView<'_> {
        EventView { name: &self.name, time: time.unix_at(self.tick), attributes: self.attributes.view() }
    }
}

impl Pending {
    /// Adds an attribute whose value `value` pushes. Over the limit the value is read all the same, and forgotten.
    #[inline]
    pub(super) fn attribute(&mut self, key: &str, limits: &Limits, value: impl FnOnce(&mut AttributesBuf)) {
        if (self.keys == 0 && self.count < limits.attributes) || self.has_place_for(key, limits) {
            self.count += 1;
            self.attributes.push_key(key);
            value(&mut self.attributes);
        } else {
            self.dropped.attributes += 1;
            value(&mut AttributesBuf::new());
        }
    }

    /// Whether one more may be added where there are as many as the limit, which is one of keys: of two values of a key the
    /// last counts. Those that do not count are thrown out when there may be as many of them as of others.
    #[cold]
    fn has_place_for(&mut self, key: &str, limits: &Limits) -> bool {
        if self.keys == 0 || self.count >= 2 * limits.attributes {
            self.keys = self.attributes.keep_last_of_each_key();
            self.count = self.keys;
        }
        let is_known = self.attributes.view().any(|(known, _)| known == key);
        let is_new = !is_known && self.keys < limits.attributes;
        self.keys += u32::from(is_new);
        is_known || is_new
    }

    pub(super) fn event(&mut self, tick: u64, name: String, attributes: AttributesBuf, limits: &Limits) {
        if self.events.len() < limits.events as usize {
            self.events.push(PendingEvent { tick, name, attributes });
        } else {
            self.dropped.events += 1;
        }
    }

    pub(super) fn link(&mut self, link: LinkView, limits: &Limits) {
        if self.links.len() < limits.links as usize {
            self.links.push(link);
        } else {
            self.dropped.links += 1;
        }
    }

    /// What is 0 changes nothing.
    pub(super) fn times(&mut self, start: u64, end: u64) {
        for (known, given) in [(&mut self.start, start), (&mut self.end, end)] {
            *known = if given == 0 { *known } else { given };
        }
    }

    pub(super) fn fail(&mut self, message: Option<String>) {
        self.outcome = Outcome::Error;
        self.message = message;
    }

    /// The bytes it holds.
    pub(super) fn bytes(&self) -> usize {
        let events: usize =
            self.events.iter().map(|event| event.name.capacity() + event.attributes.capacity()).sum();
        mem::size_of::<Self>()
            + self.attributes.capacity()
            + events
            + self.events.capacity() * mem::size_of::<PendingEvent>()
            + self.links.capacity() * mem::size_of::<LinkView>()
            + self.name.as_ref().map_or(0, String::capacity)
            + self.message.as_ref().map_or(0, String::capacity)
    }

    /// How many attributes, events and links it holds.
    pub(super) fn records(&self) -> u64 {
        u64::from(self.count) + (self.events.len() + self.links.len()) as u64
    }

    /// Writes how the span ended, and when it was, where a record says more than the end did.
    pub(super) fn complete(&mut self, view: &mut SpanView<'_>) {
        if self.start != 0 || self.end != 0 {
            let end = if self.end == 0 { view.end() } else { self.end };
            view.start = if self.start == 0 { view.start } else { self.start };
            view.duration = end.saturating_sub(view.start);
        }
        if view.outcome == Outcome::Ok {
            view.outcome = self.outcome;
        }
        if view.outcome == Outcome::Panicked && self.attributes.view().get(semconv::ERROR_TYPE).is_none() {
            self.attributes.push_key(semconv::ERROR_TYPE);
            self.attributes.push_str("panic");
        }
    }

    /// Lends all it knows to the view.
    pub(super) fn describe<'a>(&'a self, view: &mut SpanView<'a>) {
        view.name = self.name.as_deref().unwrap_or(view.name);
        view.message = self.message.as_deref();
        view.attributes = self.attributes.view();
        view.links = &self.links;
        view.dropped = self.dropped;
    }

    /// Empties it, and keeps the memory of a usual span.
    pub(super) fn clear(&mut self) {
        let mut attributes = mem::take(&mut self.attributes);
        *self = Self::default();
        if attributes.capacity() <= 4096 {
            attributes.clear();
            self.attributes = attributes;
        }
    }
}
