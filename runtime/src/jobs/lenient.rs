//! Fields whose loss must not cost the payload: whatever else stands in their place is passed over, however large, deep
//! or often it is there.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The longest text that is taken.
const MAX_TEXT: usize = 16 * 1024;
/// The number of bytes of all texts that a context may have.
const MAX_TEXTS: usize = 64 * 1024;

/// What can be made of a single value.
pub(super) trait Single: Sized {
    fn of_number(_: u64) -> Option<Self> {
        None
    }

    fn of_text(_: &str) -> Option<Self> {
        None
    }
}

impl Single for u64 {
    fn of_number(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl Single for u32 {
    fn of_number(number: u64) -> Option<Self> {
        number.try_into().ok()
    }
}

impl Single for String {
    fn of_text(text: &str) -> Option<Self> {
        (text.len() <= MAX_TEXT).then(|| text.to_owned())
    }
}

/// The value of the type that was expected, none where something else stands.
pub(super) struct Lenient<T>(pub(super) Option<T>);

impl<'de, T: Single> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Of(PhantomData)).map(Self)
    }
}

/// The texts of an object, as far as they are texts, none where something else stands. Of a key that is there more than
/// once the last counts, as most readers of JSON have it.
#[derive(Default)]
pub(super) struct Texts(pub(super) BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Entries)
    }
}

/// The methods of a visitor that passes over what it does not take.
macro_rules! pass_over {
    ($lifetime:lifetime: $($method:ident($type:ty)),+ => $nothing:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }

        $(fn $method<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Ok($nothing)
        })+

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_some<D: Deserializer<$lifetime>>(self, inner: D) -> Result<Self::Value, D::Error> {
            inner.deserialize_any(self)
        }

        fn visit_newtype_struct<D: Deserializer<$lifetime>>(self, inner: D) -> Result<Self::Value, D::Error> {
            inner.deserialize_any(self)
        }

        fn visit_seq<A: SeqAccess<$lifetime>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
}

struct Of<T>(PhantomData<T>);

impl<'de, T: Single> Visitor<'de> for Of<T> {
    type Value = Option<T>;

    pass_over!('de: visit_bool(bool), visit_f64(f64), visit_bytes(&[u8]) => None);

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<T>, E> {
        Ok(T::of_number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<T>, E> {
        Ok(u64::try_from(number).ok().and_then(T::of_number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        Ok(T::of_text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Option<T>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Texts;

    pass_over!(
        'de: visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str), visit_bytes(&[u8])
            => Texts::default()
    );

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Texts, A::Error> {
        let (mut texts, mut room) = (BTreeMap::new(), MAX_TEXTS);
        while let Some(Lenient(key)) = entries.next_key::<Lenient<String>>()? {
            let Lenient(value) = entries.next_value::<Lenient<String>>()?;
            let (Some(key), Some(value)) = (key, value) else { continue };
            if let Some(left) = room.checked_sub(key.len() + value.len()) {
                room = left;
                texts.insert(key, value);
            }
        }
        Ok(Texts(texts))
    }
}
