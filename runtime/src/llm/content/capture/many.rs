//! Reads what values hold several of: elements and fields.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::{Capture, DEEPEST, ELEMENT, Reader};
use crate::llm::content::tree::Tree;
use crate::llm::read::Unreadable;

/// The elements of a list or the fields of a map.
pub(super) struct Many<'a> {
    reader: &'a mut Reader,
    depth: usize,
    /// The variant of an enum that they belong to.
    variant: Option<&'static str>,
    list: Vec<Tree>,
    fields: Vec<(String, Tree)>,
    /// How many there was no room for.
    left_out: usize,
}

impl<'a> Many<'a> {
    pub(super) const fn new(reader: &'a mut Reader, depth: usize, variant: Option<&'static str>) -> Self {
        Self { reader, depth, variant, list: Vec::new(), fields: Vec::new(), left_out: 0 }
    }

    /// Reads one of them, unless there is no room for it.
    fn read<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Option<Tree>, Unreadable> {
        if !self.reader.take(ELEMENT) {
            self.left_out += 1;
            return Ok(None);
        }
        if self.depth > DEEPEST {
            return Ok(Some(Tree::word("[nested too deep]")));
        }
        value.serialize(Capture { reader: self.reader, depth: self.depth }).map(Some)
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
        let read = self.read(value)?;
        self.list.extend(read);
        Ok(())
    }

    pub(super) fn field<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), Unreadable> {
        self.reader.take(key.len());
        let read = self.read(value)?;
        self.fields.extend(read.map(|read| (key, read)));
        Ok(())
    }

    fn finish_list(mut self) -> Tree {
        if self.left_out > 0 {
            self.list.push(Tree::word(&format!("[{} left out]", self.left_out)));
        }
        in_variant(self.variant, Tree::List(self.list))
    }

    pub(super) fn finish_map(mut self) -> Tree {
        if self.left_out > 0 {
            self.fields.push(("[left out]".to_owned(), Tree::Number(self.left_out.into())));
        }
        in_variant(self.variant, Tree::Map(self.fields))
    }
}

fn in_variant(variant: Option<&str>, content: Tree) -> Tree {
    match variant {
        Some(variant) => Tree::Map(vec![(variant.to_owned(), content)]),
        None => content,
    }
}

/// The fields of a map, whose keys come apart from their values.
pub(super) struct Fields<'a> {
    many: Many<'a>,
    key: String,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(many: Many<'a>) -> Self {
        Self { many, key: String::new() }
    }
}

impl SerializeMap for Fields<'_> {
    type Ok = Tree;
    type Error = Unreadable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unreadable> {
        let mut reader = Reader { room: self.many.reader.room, longest: self.many.reader.longest };
        let key = key.serialize(Capture { reader: &mut reader, depth: self.many.depth })?;
        self.key = match key {
            Tree::Text(text) => text.kept,
            other => other.to_json(),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
        let key = std::mem::take(&mut self.key);
        self.many.field(key, value)
    }

    fn end(self) -> Result<Tree, Unreadable> {
        Ok(self.many.finish_map())
    }
}

macro_rules! elements {
    ($($trait:ident::$method:ident),+) => {$(
        impl $trait for Many<'_> {
            type Ok = Tree;
            type Error = Unreadable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unreadable> {
                self.element(value)
            }

            fn end(self) -> Result<Tree, Unreadable> {
                Ok(self.finish_list())
            }
        }
    )+};
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($trait:ident),+) => {$(
        impl $trait for Many<'_> {
            type Ok = Tree;
            type Error = Unreadable;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unreadable> {
                self.field(key.to_owned(), value)
            }

            fn end(self) -> Result<Tree, Unreadable> {
                Ok(self.finish_map())
            }
        }
    )+};
}

fields!(SerializeStruct, SerializeStructVariant);
