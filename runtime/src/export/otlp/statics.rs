//! The part of a span that its callsite decides, encoded once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

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
        if let Some(function) = function(callsite) {
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

/// The qualified name of the function, when the callsite's name is one: a path of identifiers.
fn function(callsite: &Callsite) -> Option<String> {
    let identifier = |part: &str| {
        part.starts_with(|first: char| first == '_' || first.is_alphabetic())
            && part.chars().all(|other| other == '_' || other.is_alphanumeric())
    };
    let named = !callsite.module.is_empty() && callsite.name.split("::").all(identifier);
    named.then(|| format!("{}::{}", callsite.module, callsite.name))
}

/// The statics of every callsite met, found by its address. Callsites are statics, so there is an end to them.
#[derive(Debug, Default)]
pub(super) struct Known {
    by_address: HashMap<usize, Statics, BuildHasherDefault<AddressHasher>>,
}

impl Known {
    #[inline]
    pub(super) fn get(&mut self, callsite: &'static Callsite) -> &Statics {
        let address = std::ptr::from_ref(callsite).addr();
        self.by_address.entry(address).or_insert_with(|| Statics::of(callsite))
    }
}

/// Addresses of statics are spread enough by one multiplication, and nobody outside chooses them.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    #[inline]
    fn write_usize(&mut self, address: usize) {
        let mixed = (self.0 ^ address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}
