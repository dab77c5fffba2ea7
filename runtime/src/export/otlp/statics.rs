//! The part of a span that its callsite decides, encoded once.

use std::collections::HashMap;

use super::attributes::write_one;
use super::keys::Keys;
use super::span::{field, kind_number};
use super::wire;
use crate::semconv;
use crate::span::{Callsite, ValueView};

/// What all spans of one callsite share, as bytes: name, kind, constants, and where the code is.
#[derive(Debug)]
pub(super) struct Statics {
    bytes: Box<[u8]>,
    /// Where the attributes begin.
    attributes: usize,
    keys: Keys,
}

impl Statics {
    fn of(callsite: &Callsite) -> Self {
        let mut bytes = Vec::new();
        wire::delimited(&mut bytes, field::NAME, callsite.name.as_bytes());
        wire::number(&mut bytes, field::KIND, kind_number(callsite.kind));
        let attributes = bytes.len();
        let mut keys = Keys::default();
        keys.begin(attributes);
        let mut attribute =
            |key: &str, value: ValueView<'_>| write_one(&mut bytes, field::ATTRIBUTES, key, value, &mut keys);
        if let Some(function) = callsite.function() {
            attribute(semconv::CODE_FUNCTION_NAME, ValueView::Str(&function));
        }
        if !callsite.file.is_empty() {
            attribute(semconv::CODE_FILE_PATH, ValueView::Str(callsite.file));
            attribute(semconv::CODE_LINE_NUMBER, ValueView::Int(callsite.line.into()));
        }
        // The last of two counts: constants may say otherwise about the code.
        callsite.constants.iter().for_each(|(key, value)| attribute(key, *value));
        Self { bytes: bytes.into(), attributes, keys }
    }

    /// Writes them, but for attributes that `written` has already.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>, written: &Keys) {
        if written.may_share(&self.keys) {
            self.write_missing(out, written);
            out.extend_from_slice(&self.bytes[..self.attributes]);
        } else {
            out.extend_from_slice(&self.bytes);
        }
    }

    /// The same for a span that was renamed.
    #[cold]
    pub(super) fn write_renamed(&self, out: &mut Vec<u8>, written: &Keys, callsite: &Callsite, name: &str) {
        self.write_missing(out, written);
        wire::delimited(out, field::NAME, name.as_bytes());
        wire::number(out, field::KIND, kind_number(callsite.kind));
    }

    /// Only attributes may stand behind those that `written` knows.
    fn write_missing(&self, out: &mut Vec<u8>, written: &Keys) {
        written.add_missing(out, &self.bytes[self.attributes..]);
    }
}

/// The statics of every callsite met, found by its address. Callsites are statics, so there is an end to them.
#[derive(Debug)]
pub(super) struct Known {
    all: Vec<Statics>,
    index: HashMap<usize, usize>,
    /// Where the callsites met last are, by some bits of their addresses.
    recent: [(usize, usize); RECENT],
}

/// A power of two.
const RECENT: usize = 64;

impl Default for Known {
    fn default() -> Self {
        Self { all: Vec::new(), index: HashMap::new(), recent: [(0, 0); RECENT] }
    }
}

impl Known {
    #[inline]
    pub(super) fn get(&mut self, callsite: &'static Callsite) -> &Statics {
        let address = std::ptr::from_ref(callsite).addr();
        // Callsites are at least 64 bytes apart.
        let (known, index) = self.recent[address / 64 % RECENT];
        let index = if known == address { index } else { self.look_up(callsite, address) };
        &self.all[index]
    }

    #[inline(never)]
    fn look_up(&mut self, callsite: &'static Callsite, address: usize) -> usize {
        let all = &mut self.all;
        let index = *self.index.entry(address).or_insert_with(|| {
            all.push(Statics::of(callsite));
            all.len() - 1
        });
        self.recent[address / 64 % RECENT] = (address, index);
        index
    }
}
