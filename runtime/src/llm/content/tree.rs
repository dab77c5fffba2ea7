//! A value as data: what was read of it, in its order.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;

/// What was read of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Tree {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    /// Words of a user: they are redacted before they are written, and cut where they are too long.
    Text(Text),
    /// A word of the conventions, of a protocol or of ours: written as it is.
    Word(String),
    /// Bytes, of which only their number is of interest.
    Bytes(usize),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// The beginning of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub(crate) kept: String,
    /// How many bytes the whole has.
    pub(crate) bytes: usize,
}

/// A word longer than this is none: an ID, a name, a role.
const LONGEST_WORD: usize = 256;

impl Text {
    pub(crate) fn whole(text: impl Into<String>) -> Self {
        let kept = text.into();
        Self { bytes: kept.len(), kept }
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.bytes > self.kept.len()
    }
}

impl Tree {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::whole(text))
    }

    pub(crate) fn word(word: &str) -> Self {
        Self::Word(word[..word.floor_char_boundary(LONGEST_WORD)].to_owned())
    }

    /// A map with words for keys; what is null is left out.
    pub(crate) fn map<const N: usize>(fields: [(&str, Self); N]) -> Self {
        let fields = fields.into_iter().filter(|(_, value)| *value != Self::Null);
        Self::Map(fields.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The value of the first of `keys` that is there and not null.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&Self> {
        let Self::Map(fields) = self else { return None };
        keys.iter().find_map(|key| {
            fields.iter().find(|(known, value)| known == key && *value != Self::Null).map(|(_, value)| value)
        })
    }

    /// The text of the first of `keys` that is there.
    pub(crate) fn text_of(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.as_str()
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.kept),
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub(crate) fn as_int(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }

    /// The elements of a list; of anything else, itself.
    pub(crate) fn each(&self) -> &[Self] {
        self.as_list().unwrap_or(std::slice::from_ref(self))
    }

    /// As JSON.
    pub(crate) fn to_json(&self) -> String {
        // Only writing itself can fail, and a string takes anything.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(&text.kept),
            Self::Word(word) => serializer.serialize_str(word),
            Self::Bytes(bytes) => serializer.collect_str(&format_args!("[{bytes} bytes]")),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}
