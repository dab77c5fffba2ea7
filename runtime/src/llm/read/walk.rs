//! The serializer that walks a value and keeps what is of interest.

use serde::ser::{Serialize, Serializer};

use super::Unreadable;
use super::fields::Fields;
use super::key::Key;
use super::leaf;
use super::place::{Leaf, Node, Place};
use super::reading::Reading;

/// Walks one value at one place.
pub(super) struct Walk<'a, 'o> {
    pub(super) reading: &'a mut Reading<'o>,
    pub(super) at: Place,
}

/// Walks `value`, which was found at `from` and leads to `to`.
#[inline(always)] // most fields lead nowhere, which is seen before anything is called
pub(super) fn step<T: Serialize + ?Sized>(
    reading: &mut Reading<'_>,
    from: Place,
    to: Place,
    value: &T,
) -> Result<(), Unreadable> {
    if to == Place::Ignore { Ok(()) } else { enter(reading, from, to, value) }
}

fn enter<T: Serialize + ?Sized>(
    reading: &mut Reading<'_>,
    from: Place,
    to: Place,
    value: &T,
) -> Result<(), Unreadable> {
    match to {
        Place::Node(node) if node.is_item() => item(reading, from, node, value),
        _ => value.serialize(Walk { reading, at: to }),
    }
}

/// The same for a part of a message: it begins here, or this is a part of it.
fn item<T: Serialize + ?Sized>(
    reading: &mut Reading<'_>,
    from: Place,
    to: Node,
    value: &T,
) -> Result<(), Unreadable> {
    let is_inside = matches!(from, Place::Node(from) if from.is_item());
    if !is_inside {
        reading.open_item(to == Node::Call);
    } else if to == Node::Call && from == Place::Node(Node::Item) {
        reading.mark_tool_call();
    }
    let outcome = value.serialize(Walk { reading, at: Place::Node(to) });
    if !is_inside {
        reading.close_item();
    }
    outcome
}

impl<'a, 'o> Walk<'a, 'o> {
    #[inline]
    fn fields(self) -> Fields<'a, 'o> {
        Fields { reading: self.reading, at: self.at, next: Place::Ignore }
    }

    /// The fields of an enum's variant, at the place to which it leads.
    fn fields_of(self, variant: &str) -> Fields<'a, 'o> {
        let at = self.at.variant(variant);
        if at == Place::Node(Node::Call) && self.at == Place::Node(Node::Item) {
            self.reading.mark_tool_call();
        }
        Fields { reading: self.reading, at, next: Place::Ignore }
    }

    #[inline]
    fn int(self, value: u64) -> Result<(), Unreadable> {
        if let Place::Leaf(leaf) = self.at {
            leaf::int(self.reading, leaf, value);
        }
        Ok(())
    }

    fn text(self, value: &str) -> Result<(), Unreadable> {
        if let Place::Leaf(leaf) = self.at {
            leaf::text(self.reading, leaf, value);
        }
        Ok(())
    }
}

macro_rules! ints {
    ($($name:ident $type:ty),+) => {$(
        #[inline]
        fn $name(self, value: $type) -> Result<(), Unreadable> {
            // Below zero there are no tokens; above u64 there is no sense.
            u64::try_from(value).map_or(Ok(()), |value| self.int(value))
        }
    )+};
}

impl<'a, 'o> Serializer for Walk<'a, 'o> {
    type Ok = ();
    type Error = Unreadable;
    type SerializeSeq = Fields<'a, 'o>;
    type SerializeTuple = Fields<'a, 'o>;
    type SerializeTupleStruct = Fields<'a, 'o>;
    type SerializeTupleVariant = Fields<'a, 'o>;
    type SerializeMap = Fields<'a, 'o>;
    type SerializeStruct = Fields<'a, 'o>;
    type SerializeStructVariant = Fields<'a, 'o>;

    ints! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unreadable> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unreadable> {
        if let Place::Leaf(leaf) = self.at {
            leaf::float(self.reading, leaf, value);
        }
        Ok(())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Unreadable> {
        match self.at {
            // Also where something with parts could stand: as a delta, as the content of a message.
            Place::Leaf(Leaf::Content) | Place::Node(Node::Root | Node::Items | Node::Item) => {
                self.reading.seen.content += value.len() as u64;
                Ok(())
            }
            Place::Node(Node::Error) => {
                leaf::error(self.reading, value);
                Ok(())
            }
            _ => self.text(value),
        }
    }

    /// A type that writes itself by its `Display` would be formatted for nothing where it does not matter.
    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<(), Unreadable> {
        if matches!(self.at, Place::Leaf(_)) { self.text(&value.to_string()) } else { Ok(()) }
    }

    fn serialize_bool(self, _: bool) -> Result<(), Unreadable> {
        Ok(())
    }

    fn serialize_char(self, _: char) -> Result<(), Unreadable> {
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unreadable> {
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unreadable> {
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unreadable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unreadable> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unreadable> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unreadable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unreadable> {
        step(self.reading, self.at, self.at.variant(variant), value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields())
    }

    fn serialize_tuple(self, _: usize) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields_of(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields())
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'a, 'o>, Unreadable> {
        Ok(self.fields_of(variant))
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

/// Finds out where the value of a map's key leads to.
#[inline]
pub(super) fn key_leads_to<T: Serialize + ?Sized>(at: Place, key: &T) -> Place {
    // A key that is no text names nothing we know, and its error is of no interest.
    key.serialize(Key { at }).unwrap_or(Place::Ignore)
}
