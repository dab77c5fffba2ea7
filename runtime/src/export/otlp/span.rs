//! One span as a `Span` of OTLP.

use super::attributes::{write_all, write_one};
use super::keys::Keys;
use super::statics::Known;
use super::wire::{self, Type, tag};
use crate::context::Flags;
use crate::semconv;
use crate::span::{EventView, Kind, LinkView, Outcome, SpanView, ValueView};

/// The fields of `Span`.
pub(super) mod field {
    pub(super) const TRACE_ID: u8 = 1;
    pub(super) const SPAN_ID: u8 = 2;
    pub(super) const TRACE_STATE: u8 = 3;
    pub(super) const PARENT_SPAN_ID: u8 = 4;
    pub(in super::super) const NAME: u8 = 5;
    pub(in super::super) const KIND: u8 = 6;
    pub(super) const START: u8 = 7;
    pub(super) const END: u8 = 8;
    pub(in super::super) const ATTRIBUTES: u8 = 9;
    pub(super) const DROPPED_ATTRIBUTES: u8 = 10;
    pub(super) const EVENTS: u8 = 11;
    pub(super) const DROPPED_EVENTS: u8 = 12;
    pub(super) const LINKS: u8 = 13;
    pub(super) const DROPPED_LINKS: u8 = 14;
    pub(super) const STATUS: u8 = 15;
    /// The tag of `flags`, field 16, of 32 bits: two bytes, because the number is above 15.
    pub(super) const FLAGS_TAG: [u8; 2] = [0x85, 0x01];
}

/// The fields of `Span.Event`.
mod event {
    pub(super) const TIME: u8 = 1;
    pub(super) const NAME: u8 = 2;
    pub(super) const ATTRIBUTES: u8 = 3;
}

/// The fields of `Span.Link`.
mod link {
    pub(super) const TRACE_ID: u8 = 1;
    pub(super) const SPAN_ID: u8 = 2;
    /// The tag of `flags`, field 6, of 32 bits.
    pub(super) const FLAGS_TAG: u8 = 6 << 3 | 5;
}

/// The fields of `Status`, and the code of an error.
mod status {
    pub(super) const MESSAGE: u8 = 2;
    pub(super) const CODE: u8 = 3;
    pub(super) const ERROR: u64 = 2;
}

/// Bit 8 says that bit 9 means something; bit 9 that the parent is in another process.
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

/// Writes spans.
#[derive(Debug, Default)]
pub(super) struct SpanWriter {
    known: Known,
    keys: Keys,
}

impl SpanWriter {
    /// Writes the fields of one `Span`.
    #[inline]
    pub(super) fn write(&mut self, out: &mut Vec<u8>, span: &SpanView<'_>) {
        head(out, span);
        write_all(out, field::ATTRIBUTES, span.attributes, &mut self.keys);
        if let Some(outcome) = unusual(span.outcome) {
            let outcome = ValueView::Str(outcome);
            write_one(out, field::ATTRIBUTES, semconv::THROUGHLINE_OUTCOME, outcome, &mut self.keys);
        }
        let statics = self.known.get(span.callsite);
        if is_own(span.name, span.callsite.name) {
            statics.write(out, &self.keys);
        } else {
            statics.write_renamed(out, &self.keys, span.callsite, span.name);
        }
        self.tail(out, span);
    }

    /// What few spans have.
    #[inline]
    fn tail(&mut self, out: &mut Vec<u8>, span: &SpanView<'_>) {
        if let Some(state) = span.trace_state.filter(|state| !state.is_empty()) {
            wire::delimited(out, field::TRACE_STATE, state.as_bytes());
        }
        for event in span.events {
            self.event(out, event);
        }
        for link in span.links {
            wire::nested(out, field::LINKS, |out| self::link(out, link));
        }
        dropped(out, field::DROPPED_ATTRIBUTES, span.dropped.attributes);
        dropped(out, field::DROPPED_EVENTS, span.dropped.events);
        dropped(out, field::DROPPED_LINKS, span.dropped.links);
        if matches!(span.outcome, Outcome::Error | Outcome::Panicked) {
            wire::nested(out, field::STATUS, |out| error(out, span.message));
        }
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &EventView<'_>) {
        wire::nested(out, field::EVENTS, |out| {
            wire::fixed64(out, event::TIME, event.time);
            wire::delimited(out, event::NAME, event.name.as_bytes());
            write_all(out, event::ATTRIBUTES, event.attributes, &mut self.keys);
        });
    }
}

/// What every span has, at fixed places: one copy into the output.
#[inline]
fn head(out: &mut Vec<u8>, span: &SpanView<'_>) {
    const PARENT_AT: usize = 52;
    let mut head = [0; 62];
    head[0] = tag(field::TRACE_ID, Type::Delimited);
    head[1] = 16;
    head[2..18].copy_from_slice(&span.trace_id.to_bytes());
    head[18] = tag(field::SPAN_ID, Type::Delimited);
    head[19] = 8;
    head[20..28].copy_from_slice(&span.span_id.to_bytes());
    head[28] = tag(field::START, Type::Fixed64);
    head[29..37].copy_from_slice(&span.start.to_le_bytes());
    head[37] = tag(field::END, Type::Fixed64);
    head[38..46].copy_from_slice(&span.end().to_le_bytes());
    head[46..48].copy_from_slice(&field::FLAGS_TAG);
    head[48..PARENT_AT].copy_from_slice(&flags(span).to_le_bytes());
    let Some(parent) = span.parent else { return out.extend_from_slice(&head[..PARENT_AT]) };
    head[PARENT_AT] = tag(field::PARENT_SPAN_ID, Type::Delimited);
    head[PARENT_AT + 1] = 8;
    head[PARENT_AT + 2..].copy_from_slice(&parent.to_bytes());
    out.extend_from_slice(&head);
}

/// Whether a name is that of the callsite: most often it is the very same text.
#[inline]
fn is_own(name: &str, of_callsite: &str) -> bool {
    std::ptr::eq(name, of_callsite) || name == of_callsite
}

#[inline]
fn flags(span: &SpanView<'_>) -> u32 {
    let remote = if span.parent_is_remote { IS_REMOTE } else { 0 };
    u32::from(Flags::bits(span.flags)) | HAS_IS_REMOTE | remote
}

/// The number of a kind in OTLP, whose 0 is "unspecified".
pub(super) fn kind_number(kind: Kind) -> u64 {
    match kind {
        Kind::Internal => 1,
        Kind::Server => 2,
        Kind::Client => 3,
        Kind::Producer => 4,
        Kind::Consumer => 5,
    }
}

/// The word for an outcome that a status cannot express.
#[inline]
fn unusual(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Ok | Outcome::Error => None,
        Outcome::Panicked => Some("panicked"),
        Outcome::Cancelled => Some("cancelled"),
    }
}

/// The fields of a `Span.Link`. Whether its span is remote is not known, so bit 8 of its flags stays clear.
fn link(out: &mut Vec<u8>, link: &LinkView) {
    wire::delimited(out, link::TRACE_ID, &link.trace_id.to_bytes());
    wire::delimited(out, link::SPAN_ID, &link.span_id.to_bytes());
    out.push(link::FLAGS_TAG);
    out.extend_from_slice(&u32::from(link.flags.bits()).to_le_bytes());
}

#[inline]
fn dropped(out: &mut Vec<u8>, field: u8, count: u32) {
    if count != 0 {
        wire::number(out, field, count.into());
    }
}

fn error(out: &mut Vec<u8>, message: Option<&str>) {
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        wire::delimited(out, status::MESSAGE, message.as_bytes());
    }
    wire::number(out, status::CODE, status::ERROR);
}
