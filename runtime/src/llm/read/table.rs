//! Finds where a field leads to, by its name.
//!
//! The length of a name and three of its letters, multiplied by a factor, are its slot, and the slot says which of the known
//! names it can be. The compiler finds the factor that leaves no two names one slot. It also knows the names that a derived
//! `Serialize` passes: inlined there, all of this comes to one look into `leads`.

use super::names::{FIELDS, Fields};
use super::place::{Node, Place};

/// Slots as a power of two: so many more than names that a factor is found soon.
const BITS: u32 = 11;
/// A power of two above the number of names; 0 stands for all other names.
const NAMES: usize = 128;

const FOUND: (u32, Table) = Table::of(FIELDS);
const FACTOR: u32 = FOUND.0;
/// Not a `static`: the compiler is to look into it from any crate.
const TABLE: &Table = &FOUND.1;

/// Where all names lead to.
struct Table {
    /// Which name has the slot.
    slots: [u8; 1 << BITS],
    names: [&'static str; NAMES],
    /// By node and name.
    leads: [[Place; NAMES]; Node::COUNT],
}

/// Where the field `name` of `node` leads to.
#[inline(always)] // where the name is known, the compiler does all but the last look
pub(super) fn lead(node: Node, name: &str) -> Place {
    let known = TABLE.slots[slot(FACTOR, name)] as usize % NAMES;
    match TABLE.leads[node as usize][known] {
        Place::Ignore => Place::Ignore,
        to if is_name(TABLE.names[known].as_bytes(), name.as_bytes()) => to,
        _ => Place::Ignore,
    }
}

/// Compares as `==` does: of texts whose length is not known that is a call, which takes longer than all the rest.
#[inline(always)]
fn is_name(known: &[u8], name: &[u8]) -> bool {
    known.len() == name.len()
        && match name.len() {
            8..=16 => ends::<8>(known) == ends::<8>(name),
            4..=7 => ends::<4>(known) == ends::<4>(name),
            2..=3 => ends::<2>(known) == ends::<2>(name),
            _ => known == name,
        }
}

/// The first and the last `N` bytes: all there are, where there are no more than twice as many.
#[inline(always)]
fn ends<const N: usize>(name: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
    name.first_chunk().zip(name.last_chunk())
}

#[inline(always)]
const fn slot(factor: u32, name: &str) -> usize {
    let name = name.as_bytes();
    let [first, .., last] = name else { return 0 };
    let letters = u32::from_le_bytes([*first, name[name.len() / 2], *last, name.len() as u8]);
    (letters.wrapping_mul(factor) >> (u32::BITS - BITS)) as usize
}

impl Table {
    /// The table of all `fields`, and the factor that it needs.
    const fn of(fields: &[Fields]) -> (u32, Self) {
        let mut factor = 0x9e37_79b1;
        loop {
            if let Some(table) = Self::with_factor(factor, fields) {
                return (factor, table);
            }
            factor += 2;
        }
    }

    /// `None` when two names would have one slot.
    const fn with_factor(factor: u32, fields: &[Fields]) -> Option<Self> {
        let mut table =
            Self { slots: [0; 1 << BITS], names: [""; NAMES], leads: [[Place::Ignore; NAMES]; Node::COUNT] };
        let (mut known, mut field) = (0, 0);
        while field < fields.len() {
            let Fields { of, names, to } = &fields[field];
            let mut next = 0;
            while next < names.len() {
                let slot = &mut table.slots[slot(factor, names[next])];
                if *slot == 0 {
                    known += 1;
                    *slot = known;
                    table.names[known as usize] = names[next];
                }
                let name = *slot as usize;
                if !is_same(table.names[name], names[next]) {
                    return None;
                }
                table.lead(of, name, *to);
                next += 1;
            }
            field += 1;
        }
        Some(table)
    }

    const fn lead(&mut self, of: &[Node], name: usize, to: Place) {
        let mut next = 0;
        while next < of.len() {
            let lead = &mut self.leads[of[next] as usize][name];
            assert!(matches!(lead, Place::Ignore), "a name leads to two places");
            *lead = to;
            next += 1;
        }
    }
}

/// Comparing text is not for the compiler yet.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_leads_where_the_fields_say() {
        for Fields { of, names, to } in FIELDS {
            for name in *names {
                of.iter().for_each(|&node| assert_eq!(lead(node, name), *to, "{name} of {node:?}"));
            }
        }
    }

    #[test]
    fn a_name_that_looks_like_a_known_one_leads_nowhere() {
        let known = TABLE.names.iter().filter(|name| name.len() > 4);
        for name in known {
            // Another second letter: the same slot.
            let other = format!("{}#{}", &name[..1], &name[2..]);
            assert_eq!(slot(FACTOR, &other), slot(FACTOR, name));
            assert_eq!(lead(Node::Root, &other), Place::Ignore);
        }
        for name in ["", "i", "\u{e4}", "object"] {
            assert_eq!(lead(Node::Root, name), Place::Ignore);
        }
    }
}
