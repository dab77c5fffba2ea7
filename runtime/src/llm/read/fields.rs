//! The walk through what has parts: structs, maps, lists, tuples.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::Unreadable;
use super::place::Place;
use super::reading::Reading;
use super::walk::{key_leads_to, step};

/// The parts of one value.
pub(super) struct Fields<'a, 'o> {
    pub(super) reading: &'a mut Reading<'o>,
    pub(super) at: Place,
    /// Where the value of the map's key that came last leads to.
    pub(super) next: Place,
}

impl Fields<'_, '_> {
    #[inline(always)] // with it the name is known to the compiler, see `table`
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Unreadable> {
        step(self.reading, self.at, self.at.field(key), value)
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
        step(self.reading, self.at, self.at.element(), value)
    }
}

impl SerializeMap for Fields<'_, '_> {
    type Ok = ();
    type Error = Unreadable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unreadable> {
        self.next = key_leads_to(self.at, key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
        step(self.reading, self.at, self.next, value)
    }

    #[inline]
    fn serialize_entry<K, V>(&mut self, key: &K, value: &V) -> Result<(), Unreadable>
    where
        K: Serialize + ?Sized,
        V: Serialize + ?Sized,
    {
        step(self.reading, self.at, key_leads_to(self.at, key), value)
    }

    fn end(self) -> Result<(), Unreadable> {
        Ok(())
    }
}

macro_rules! by_name {
    ($($part:ident),+) => {$(
        impl $part for Fields<'_, '_> {
            type Ok = ();
            type Error = Unreadable;

            #[inline(always)]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unreadable> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Unreadable> {
                Ok(())
            }
        }
    )+};
}

macro_rules! by_position {
    ($($part:ident $method:ident),+) => {$(
        impl $part for Fields<'_, '_> {
            type Ok = ();
            type Error = Unreadable;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
                self.element(value)
            }

            fn end(self) -> Result<(), Unreadable> {
                Ok(())
            }
        }
    )+};
}

by_name!(SerializeStruct, SerializeStructVariant);
by_position!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);
