//! The keys of maps, read without keeping them.

use serde::ser::{Impossible, Serialize, Serializer};

use super::Unreadable;
use super::place::Place;

/// Finds out where a key of a map at this place leads to.
pub(super) struct Key {
    pub(super) at: Place,
}

type None = Impossible<Place, Unreadable>;

macro_rules! not_text {
    ($($name:ident $type:ty),+) => {$(
        fn $name(self, _: $type) -> Result<Place, Unreadable> {
            Err(Unreadable)
        }
    )+};
}

impl Serializer for Key {
    type Ok = Place;
    type Error = Unreadable;
    type SerializeSeq = None;
    type SerializeTuple = None;
    type SerializeTupleStruct = None;
    type SerializeTupleVariant = None;
    type SerializeMap = None;
    type SerializeStruct = None;
    type SerializeStructVariant = None;

    #[inline]
    fn serialize_str(self, key: &str) -> Result<Place, Unreadable> {
        Ok(self.at.field(key))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Place, Unreadable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Place, Unreadable> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Place, Unreadable> {
        value.serialize(self)
    }

    not_text! {
        serialize_bool bool, serialize_char char, serialize_bytes &[u8], serialize_f32 f32, serialize_f64 f64,
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_unit_struct &'static str
    }

    fn serialize_none(self) -> Result<Place, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_unit(self) -> Result<Place, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Place, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_tuple(self, _: usize) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<None, Unreadable> {
        Err(Unreadable)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<None, Unreadable> {
        Err(Unreadable)
    }
}
