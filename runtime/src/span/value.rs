//! Typed values of attributes, on the way in.

use std::borrow::Cow;
use std::fmt;

/// A typed value, borrowed for as long as it takes to write it into the log.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Nothing: the attribute is left out.
    Empty,
    /// A truth value.
    Bool(bool),
    /// An integer that fits OTLP's int.
    I64(i64),
    /// An unsigned integer; above `i64::MAX` it is exported as its decimal text, because OTLP's int is signed.
    U64(u64),
    /// A wide integer; outside of `i64` it is exported as its decimal text.
    I128(&'a i128),
    /// A wide unsigned integer; above `i64::MAX` it is exported as its decimal text.
    U128(&'a u128),
    /// A floating-point number.
    F64(f64),
    /// Text.
    Str(&'a str),
    /// Several values of one type.
    Array(&'a dyn Array),
}

/// A sequence of values of one type.
pub trait Array {
    /// How many.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value at `index`, [`Value::Empty`] past the end.
    fn get(&self, index: usize) -> Value<'_>;
}

/// What can be the value of an attribute without `%` or `?`: booleans, numbers, text, and sequences of those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a typed attribute value",
    label = "not bool, a number, text, nor a sequence of those",
    note = "record it with `%` (by its `Display`) or `?` (by its `Debug`)"
)]
pub trait ToValue {
    /// The value.
    fn to_value(&self) -> Value<'_>;
}

macro_rules! to_value {
    ($($variant:ident as $wide:ty: $($type:ty),+;)+) => {$($(
        impl ToValue for $type {
            #[inline]
            fn to_value(&self) -> Value<'_> {
                Value::$variant(*self as $wide)
            }
        }
    )+)+};
}

to_value! {
    Bool as bool: bool;
    I64 as i64: i8, i16, i32, i64, isize, u8, u16, u32;
    U64 as u64: u64, usize;
    F64 as f64: f32, f64;
}

impl ToValue for i128 {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::I128(self)
    }
}

impl ToValue for u128 {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::U128(self)
    }
}

impl ToValue for Value<'_> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        *self
    }
}

impl ToValue for str {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl ToValue for String {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl ToValue for Cow<'_, str> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<T: ToValue + ?Sized> ToValue for $pointer {
            #[inline]
            fn to_value(&self) -> Value<'_> {
                (**self).to_value()
            }
        }
    )+};
}

forward!(&mut T, Box<T>, std::rc::Rc<T>, std::sync::Arc<T>);

/// What is borrowed, other than text and slices, which have no size.
impl<T: ToValue> ToValue for &T {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl ToValue for &str {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl<T: ToValue> ToValue for Option<T> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Empty, ToValue::to_value)
    }
}

/// A sequence behind a reference that can be made into `dyn Array`.
macro_rules! array {
    ($([$($const:tt)*] $list:ty),+) => {$(
        impl<T: ToValue, $($const)*> Array for $list {
            fn len(&self) -> usize {
                self[..].len()
            }

            fn get(&self, index: usize) -> Value<'_> {
                self[..].get(index).map_or(Value::Empty, ToValue::to_value)
            }
        }

        impl<T: ToValue, $($const)*> ToValue for $list {
            #[inline]
            fn to_value(&self) -> Value<'_> {
                Value::Array(self)
            }
        }
    )+};
}

array!([] Vec<T>, [const N: usize] [T; N]);

impl<T: ToValue> Array for &[T] {
    fn len(&self) -> usize {
        self[..].len()
    }

    fn get(&self, index: usize) -> Value<'_> {
        self[..].get(index).map_or(Value::Empty, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for &[T] {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Array(self)
    }
}

impl fmt::Debug for dyn Array + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|index| self.get(index))).finish()
    }
}
