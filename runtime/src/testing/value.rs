//! A captured attribute's value.

use std::fmt;

use crate::span::ValueView;

/// The value of a captured attribute, with the types of OTLP. It compares with plain Rust values of the same type:
/// an integer is not equal to the text of its digits.
///
/// ```
/// use throughline::testing::OwnedValue;
///
/// let items = OwnedValue::Int(3);
/// assert_eq!(items, 3);
/// assert_ne!(items, "3");
/// assert_eq!(OwnedValue::from(vec!["a", "b"]), ["a", "b"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedValue {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Str(String),
    /// Several values.
    Array(Vec<OwnedValue>),
}

impl OwnedValue {
    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The integer, if it is one.
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    /// The floating-point number, if it is one.
    pub const fn as_double(&self) -> Option<f64> {
        if let Self::Double(value) = self { Some(*value) } else { None }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(value) = self { Some(value) } else { None }
    }

    /// The values, if they are several.
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }
}

impl From<ValueView<'_>> for OwnedValue {
    fn from(value: ValueView<'_>) -> Self {
        match value {
            ValueView::Bool(value) => Self::Bool(value),
            ValueView::Int(value) => Self::Int(value),
            ValueView::Double(value) => Self::Double(value),
            ValueView::Str(value) => Self::Str(value.to_owned()),
            ValueView::Array(values) => Self::Array(values.map(Self::from).collect()),
        }
    }
}

/// As in JSON, so that a text cannot be mistaken for a number.
impl fmt::Display for OwnedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Double(value) => write!(f, "{value:?}"),
            Self::Str(value) => write!(f, "{value:?}"),
            Self::Array(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}

impl From<bool> for OwnedValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// Integers that always fit OTLP's.
macro_rules! small_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for OwnedValue {
            fn from(value: $integer) -> Self {
                Self::Int(i64::from(value))
            }
        }
    )+};
}

small_integers!(i8, i16, i32, i64, u8, u16, u32);

/// Integers that become text where they do not fit OTLP's, as they do when a span records them.
macro_rules! large_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for OwnedValue {
            fn from(value: $integer) -> Self {
                i64::try_from(value).map_or_else(|_| Self::Str(value.to_string()), Self::Int)
            }
        }
    )+};
}

large_integers!(isize, u64, usize, i128, u128);

impl From<f32> for OwnedValue {
    fn from(value: f32) -> Self {
        Self::Double(f64::from(value))
    }
}

impl From<f64> for OwnedValue {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl From<&str> for OwnedValue {
    fn from(value: &str) -> Self {
        Self::Str(value.to_owned())
    }
}

impl From<String> for OwnedValue {
    fn from(value: String) -> Self {
        Self::Str(value)
    }
}

impl<T: Into<OwnedValue>> From<Vec<T>> for OwnedValue {
    fn from(values: Vec<T>) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<OwnedValue>, const N: usize> From<[T; N]> for OwnedValue {
    fn from(values: [T; N]) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

macro_rules! compares {
    ($($plain:ty),+) => {$(
        impl PartialEq<$plain> for OwnedValue {
            fn eq(&self, other: &$plain) -> bool {
                let other = Self::from(*other);
                *self == other
            }
        }
    )+};
}

compares!(bool, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, i128, u128, f32, f64);

impl PartialEq<str> for OwnedValue {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for OwnedValue {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl PartialEq<String> for OwnedValue {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == Some(other)
    }
}

impl<T, const N: usize> PartialEq<[T; N]> for OwnedValue
where
    OwnedValue: PartialEq<T>,
{
    fn eq(&self, other: &[T; N]) -> bool {
        self == other.as_slice()
    }
}

impl<T> PartialEq<Vec<T>> for OwnedValue
where
    OwnedValue: PartialEq<T>,
{
    fn eq(&self, other: &Vec<T>) -> bool {
        self == other.as_slice()
    }
}

impl<T> PartialEq<[T]> for OwnedValue
where
    OwnedValue: PartialEq<T>,
{
    fn eq(&self, other: &[T]) -> bool {
        self.as_array().is_some_and(|values| {
            values.len() == other.len() && values.iter().zip(other).all(|(value, other)| value == other)
        })
    }
}
