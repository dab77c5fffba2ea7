//! Reads any `Serialize` value into a tree, within bounds: a value as large or as deep as memory allows costs no more
//! than one that is recorded whole.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Number;

use crate::llm::content::cut::before_a_secret;
use crate::llm::content::tree::{Text, Tree};
use crate::llm::read::Unreadable;

/// What is nested deeper than this is not read.
const DEEPEST: usize = 64;
/// Bytes of one value that are looked at.
const MOST: usize = 8 << 20;
/// What an element costs besides its text.
const ELEMENT: usize = 32;

/// Reads `value`; of each text in it at most `longest` bytes. `None` when it cannot be read: its own `Serialize` refuses,
/// or panics.
pub(crate) fn capture<T: Serialize + ?Sized>(value: &T, longest: usize) -> Option<Tree> {
    let mut reader = Reader { room: MOST, longest };
    let read = || value.serialize(Capture { reader: &mut reader, depth: 0 });
    catch_unwind(AssertUnwindSafe(read)).ok()?.ok()
}

/// What may be kept yet.
struct Reader {
    room: usize,
    longest: usize,
}

impl Reader {
    /// Whether there is room for `bytes` more.
    fn take(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.room;
        self.room = self.room.saturating_sub(bytes);
        fits
    }

    fn text(&mut self, text: &str) -> Tree {
        let longest = self.longest.min(self.room);
        let kept = match head_of_data(text) {
            _ if text.len() <= longest => text,
            Some(head) => head,
            None => before_a_secret(text, longest),
        };
        self.take(kept.len());
        Tree::Text(Text { kept: kept.to_owned(), bytes: text.len() })
    }
}

/// What a `data:` URL says of its data.
fn head_of_data(text: &str) -> Option<&str> {
    let (head, _) = text.get(..256).unwrap_or(text).split_once(',')?;
    head.starts_with("data:").then(|| &text[..=head.len()])
}

/// Reads one value.
struct Capture<'a> {
    reader: &'a mut Reader,
    depth: usize,
}

impl<'a> Capture<'a> {
    fn many(self, variant: Option<&'static str>) -> Result<Many<'a>, Unreadable> {
        Ok(Many {
            reader: self.reader,
            depth: self.depth + 1,
            variant,
            list: Vec::new(),
            fields: Vec::new(),
            left_out: 0,
        })
    }

    fn number(self, number: Option<Number>) -> Result<Tree, Unreadable> {
        Ok(number.map_or(Tree::Null, Tree::Number))
    }
}

/// The elements of a list or the fields of a map.
struct Many<'a> {
    reader: &'a mut Reader,
    depth: usize,
    /// The variant of an enum that they belong to.
    variant: Option<&'static str>,
    list: Vec<Tree>,
    fields: Vec<(String, Tree)>,
    /// How many there was no room for.
    left_out: usize,
}

impl Many<'_> {
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

    fn field<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), Unreadable> {
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

    fn finish_map(mut self) -> Tree {
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

macro_rules! numbers {
    ($($name:ident $type:ty: $make:expr),+ $(,)?) => {$(
        fn $name(self, value: $type) -> Result<Tree, Unreadable> {
            #[allow(clippy::redundant_closure_call, reason = "each type is made into a number in a way of its own")]
            self.number(($make)(value))
        }
    )+};
}

impl<'a> Serializer for Capture<'a> {
    type Ok = Tree;
    type Error = Unreadable;
    type SerializeSeq = Many<'a>;
    type SerializeTuple = Many<'a>;
    type SerializeTupleStruct = Many<'a>;
    type SerializeTupleVariant = Many<'a>;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Many<'a>;
    type SerializeStructVariant = Many<'a>;

    numbers! {
        serialize_i8 i8: |value| Some(Number::from(value)),
        serialize_i16 i16: |value| Some(Number::from(value)),
        serialize_i32 i32: |value| Some(Number::from(value)),
        serialize_i64 i64: |value| Some(Number::from(value)),
        serialize_i128 i128: Number::from_i128,
        serialize_u8 u8: |value| Some(Number::from(value)),
        serialize_u16 u16: |value| Some(Number::from(value)),
        serialize_u32 u32: |value| Some(Number::from(value)),
        serialize_u64 u64: |value| Some(Number::from(value)),
        serialize_u128 u128: Number::from_u128,
        serialize_f32 f32: |value| Number::from_f64(f64::from(value)),
        serialize_f64 f64: Number::from_f64,
    }

    fn serialize_bool(self, value: bool) -> Result<Tree, Unreadable> {
        Ok(Tree::Bool(value))
    }

    fn serialize_char(self, value: char) -> Result<Tree, Unreadable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, Unreadable> {
        Ok(self.reader.text(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Tree, Unreadable> {
        Ok(Tree::Bytes(value.len()))
    }

    fn serialize_none(self) -> Result<Tree, Unreadable> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Unreadable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, Unreadable> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Unreadable> {
        Ok(Tree::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Tree, Unreadable> {
        Ok(Tree::text(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Tree, Unreadable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Tree, Unreadable> {
        let mut many = self.many(None)?;
        many.field(variant.to_owned(), value)?;
        Ok(many.finish_map())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Many<'a>, Unreadable> {
        self.many(None)
    }

    fn serialize_tuple(self, _: usize) -> Result<Many<'a>, Unreadable> {
        self.many(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Many<'a>, Unreadable> {
        self.many(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>, Unreadable> {
        self.many(Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'a>, Unreadable> {
        Ok(Fields { many: self.many(None)?, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Many<'a>, Unreadable> {
        self.many(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>, Unreadable> {
        self.many(Some(variant))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Tree, Unreadable> {
        self.serialize_str(&value.to_string())
    }
}

/// The fields of a map, whose keys come apart from their values.
struct Fields<'a> {
    many: Many<'a>,
    key: String,
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
