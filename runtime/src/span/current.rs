//! What can be written on the span that is current. Where nothing is recorded, all of it does nothing.

use crate::collect::log;
use crate::collect::record::KeyRef;
use crate::context::current;
use crate::context::key::Key;
use crate::semconv;
use crate::span::{Callsite, Outcome, ToValue, Value, hooks, open, registry};

/// Whether a span that is recorded is current: whether it is worth computing a value for it.
#[inline]
pub fn is_recording() -> bool {
    current::get().is_recording()
}

/// Sets an attribute of the current span. A key that is set again counts with its last value.
///
/// ```
/// throughline::span::current::set("order.items", 3_usize);
/// ```
#[inline]
pub fn set(key: &str, value: impl ToValue) {
    recording(|span| set_on(span, key, value.to_value()));
}

/// Adds an event to the current span.
pub fn event(name: &str, attributes: &[(&str, Value<'_>)]) {
    recording(|span| event_on(span, name, attributes));
}

/// The name of an event whose fields follow: what `event!` expands to.
#[doc(hidden)]
#[derive(Debug)]
pub struct EventNamed<'a>(pub &'a str);

impl EventNamed<'_> {
    /// Adds the event.
    pub fn write(&self, attributes: &[(&str, Value<'_>)]) {
        event(self.0, attributes);
    }
}

/// Links the current span to the span of `context`, for example of a message in a batch.
pub fn link(context: &crate::Context) {
    recording(|span| link_on(span, &context.key()));
}

/// Gives the current span another name.
pub fn rename(name: &str) {
    recording(|span| log::attributes(span, 0, &[(KeyRef::Name, Value::Str(name))]));
}

/// Marks the current span as failed: `error_type` names the kind of error (a type, a status code), `message` says more.
pub fn fail(error_type: &str, message: &str) {
    recording(|span| fail_on(span, error_type, message));
}

/// Says how the current span ends, when what it stands for ends otherwise than by returning.
pub fn set_outcome(outcome: Outcome) {
    recording(|span| set_outcome_on(span, outcome));
}

/// Writes attributes by the index of their keys in `callsite`: what expansions of the macros call.
#[doc(hidden)]
#[inline(always)]
pub fn record<const N: usize>(callsite: &'static Callsite, values: [(u16, Value<'_>); N]) {
    if log::quick_attributes(callsite, values).is_none() {
        record_any(callsite, &values);
    }
}

/// The same for all that the quick way does not take.
#[cold]
#[inline(never)]
fn record_any(callsite: &'static Callsite, values: &[(u16, Value<'_>)]) {
    let key = current::get();
    if !key.is_recording() {
        return;
    }
    let Some(number) = registry::number(callsite) else { return };
    if let Some(mirror) = hooks::mirror() {
        let named = |(index, value): &(u16, _)| Some((*callsite.keys.get(usize::from(*index))?, *value));
        values.iter().filter_map(named).for_each(|(name, value)| (mirror.sets)(&key, name, value));
    }
    // A full chunk leads here too, and must not cost an allocation.
    let mut few = [const { (KeyRef::Index(0), Value::Empty) }; 16];
    match few.get_mut(..values.len()) {
        Some(few) => {
            few.iter_mut().zip(values).for_each(|(place, value)| *place = by_index(value));
            log::attributes(&key, number, few);
        }
        None => {
            let many: Vec<_> = values.iter().map(by_index).collect();
            log::attributes(&key, number, &many);
        }
    }
}

fn by_index<'a>((index, value): &(u16, Value<'a>)) -> (KeyRef<'a>, Value<'a>) {
    (KeyRef::Index(*index), *value)
}

#[inline]
fn recording(write: impl FnOnce(&Key)) {
    let key = current::get();
    if key.is_recording() {
        write(&key);
    }
}

pub(crate) fn set_on(span: &Key, key: &str, value: Value<'_>) {
    if let Some(mirror) = hooks::mirror() {
        (mirror.sets)(span, key, value);
    }
    log::attributes(span, 0, &[(KeyRef::Text(key), value)]);
}

pub(crate) fn set_all_on(span: &Key, attributes: &[(&str, Value<'_>)]) {
    if let Some(mirror) = hooks::mirror() {
        attributes.iter().for_each(|(name, value)| (mirror.sets)(span, name, *value));
    }
    let values: Vec<_> = attributes.iter().map(|(key, value)| (KeyRef::Text(key), *value)).collect();
    log::attributes(span, 0, &values);
}

pub(crate) fn event_on(span: &Key, name: &str, attributes: &[(&str, Value<'_>)]) {
    let tick = open::tick(span.meta);
    let values: Vec<_> = attributes.iter().map(|(key, value)| (KeyRef::Text(key), *value)).collect();
    if !log::event(span, tick, name, &values) {
        // What is too long for an event would be too long for most backends too: its name and time are kept.
        log::event(span, tick, &name[..name.floor_char_boundary(256)], &[]);
        log::lost_record(span);
    }
}

/// A span is not linked to itself: that says nothing.
pub(crate) fn link_on(span: &Key, other: &Key) {
    let is_itself = (other.trace, other.span) == (span.trace, span.span);
    if other.trace != 0 && other.span != 0 && !is_itself {
        log::link(span, &Key { meta: other.meta.with_flags(other.meta.flags().decided()), ..*other });
    }
}

pub(crate) fn fail_on(span: &Key, error_type: &str, message: &str) {
    set_on(span, semconv::ERROR_TYPE, Value::Str(error_type));
    log::attributes(span, 0, &[(KeyRef::Message, Value::Str(message))]);
}

pub(crate) fn set_outcome_on(span: &Key, outcome: Outcome) {
    let code = match outcome {
        Outcome::Ok => 0,
        Outcome::Error => 1,
        Outcome::Panicked => 2,
        Outcome::Cancelled => 3,
    };
    log::attributes(span, 0, &[(KeyRef::Outcome, Value::I64(code))]);
}
