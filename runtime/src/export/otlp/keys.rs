//! The keys of one message, so that each appears once.

use std::ops::Range;

use super::wire::{Field, Fields};

/// The keys of the attributes written into a message, which stand there one behind the other. OTLP wants keys to be
/// unique, and of two values of a key the last counts. A fingerprint of each key finds candidates; the keys themselves
/// are then compared where they stand, so that nothing is borrowed from one span to the next.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Where the first attribute stands.
    start: usize,
    prints: Vec<u64>,
    /// One bit for each fingerprint: a clear bit means that the key is new.
    seen: u64,
}

impl Keys {
    /// Forgets the keys of the message before; attributes begin at `start`.
    #[inline]
    pub(super) fn begin(&mut self, start: usize) {
        self.start = start;
        self.prints.clear();
        self.seen = 0;
    }

    /// Makes way for an attribute that is to be written at the end: an earlier one of its key goes.
    #[inline]
    pub(super) fn add(&mut self, out: &mut Vec<u8>, key: &[u8]) {
        let print = fingerprint(key);
        let bit = bit(print);
        if self.seen & bit != 0 && self.prints.contains(&print) {
            self.remove(out, key);
        }
        self.seen |= bit;
        self.prints.push(print);
    }

    #[cold]
    fn remove(&mut self, out: &mut Vec<u8>, key: &[u8]) {
        let found = attributes(&out[self.start..]).position(|(known, _)| known == key);
        let Some((index, (_, place))) =
            found.and_then(|at| Some((at, attributes(&out[self.start..]).nth(at)?)))
        else {
            return;
        };
        self.prints.remove(index);
        out.drain(self.start + place.start..self.start + place.end);
    }

    /// Whether a key of `others` may be among these.
    #[inline]
    pub(super) fn may_share(&self, others: &Self) -> bool {
        self.seen & others.seen != 0 && self.prints.iter().any(|print| others.prints.contains(print))
    }

    /// Adds those of `attributes` whose key is not in `out` yet.
    pub(super) fn add_missing(&self, out: &mut Vec<u8>, others: &[u8]) {
        let end = out.len();
        for (key, place) in attributes(others) {
            if !attributes(&out[self.start..end]).any(|(known, _)| known == key) {
                out.extend_from_slice(&others[place]);
            }
        }
    }
}

/// The keys of attributes that stand one behind the other, and where each attribute stands.
fn attributes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], Range<usize>)> {
    let mut fields = Fields { bytes };
    std::iter::from_fn(move || {
        let start = bytes.len() - fields.bytes.len();
        let (_, Field::Bytes(attribute)) = fields.next()? else { return None };
        // The key is always the first field.
        let (_, Field::Bytes(key)) = (Fields { bytes: attribute }).next()? else { return None };
        Some((key, start..bytes.len() - fields.bytes.len()))
    })
}

/// The length and the last eight bytes: keys of one family share their beginning.
#[inline]
fn fingerprint(key: &[u8]) -> u64 {
    let end = match (key.last_chunk::<8>(), key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(end), ..) => u64::from_le_bytes(*end),
        (_, Some(head), Some(tail)) => {
            u64::from(u32::from_le_bytes(*head)) << 32 | u64::from(u32::from_le_bytes(*tail))
        }
        _ => key.iter().fold(0, |end, byte| end << 8 | u64::from(*byte)),
    };
    (end ^ (key.len() as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
fn bit(print: u64) -> u64 {
    1 << (print >> 58)
}
