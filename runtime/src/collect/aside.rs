//! Values too long for the log, such as prompts: a bounded queue of their own, keyed by span ID.

use super::encode::{LONGEST_RECORD, attribute_words};
use super::log;
use super::record::KeyRef;
use super::shared;
use crate::context::key::Key;
use crate::span::{AttributesBuf, Value, registry};

/// The bytes that may wait.
const LIMIT: usize = 8 << 20;

/// Attributes by span, in the order in which they were set.
#[derive(Default)]
pub(super) struct Aside {
    pub(super) values: Vec<(u64, AttributesBuf)>,
    bytes: usize,
}

impl Aside {
    fn push(&mut self, span: u64, value: AttributesBuf) -> bool {
        let fits = self.bytes + value.byte_len() <= LIMIT;
        if fits {
            self.bytes += value.byte_len();
            self.values.push((span, value));
        }
        fits
    }

    pub(super) fn take(&mut self) -> Vec<(u64, AttributesBuf)> {
        self.bytes = 0;
        std::mem::take(&mut self.values)
    }
}

/// Writes attributes that are too long for one record: one record each, and what is too long even so goes aside.
#[cold]
pub(super) fn long_attributes(key: &Key, callsite: u32, values: &[(KeyRef<'_>, Value<'_>)]) {
    for (name, value) in values {
        if attribute_words(*name, *value) + 2 <= LONGEST_RECORD {
            log::attributes(key, callsite, &[(*name, *value)]);
        } else if let Some(name) = text_of(*name, callsite) {
            put_aside(key, name, *value);
        }
    }
}

fn text_of<'a>(key: KeyRef<'a>, callsite: u32) -> Option<&'a str> {
    match key {
        KeyRef::Text(text) => Some(text),
        KeyRef::Index(index) => registry::get(callsite)?.keys.get(usize::from(index)).copied(),
        KeyRef::Name => Some(super::record::ASIDE_NAME),
        KeyRef::Message => Some(super::record::ASIDE_MESSAGE),
        KeyRef::Outcome => None,
    }
}

fn put_aside(key: &Key, name: &str, value: Value<'_>) {
    let Some(shared) = shared::find(key.meta.pipeline()) else { return };
    let mut attribute = AttributesBuf::new();
    attribute.push(name, value);
    let mut aside = shared.aside.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !aside.push(key.span, attribute) {
        shared.counters.dropped_large_values.add(1);
    }
}
