//! Reads any `Serialize` value into a tree, within bounds: a value as large or as deep as memory allows costs no more
//! than one that is recorded whole.

mod many;

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::llm::content::cut::before_a_secret;
use crate::llm::content::tree::{Text, Tree};
use crate::llm::read::Unreadable;
use many::{Fields, Many};

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
        Ok(Many::new(self.reader, self.depth + 1, variant))
    }

    fn number(self, number: Option<Number>) -> Result<Tree, Unreadable> {
        Ok(number.map_or(Tree::Null, Tree::Number))
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
        Ok(Tree::word(variant))
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
        Ok(Fields::new(self.many(None)?))
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
