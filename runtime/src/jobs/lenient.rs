//! Fields whose loss must not cost the payload.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// A value of the type that was expected, or anything else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient<T> {
    Expected(T),
    Other(IgnoredAny),
}

impl<T> Lenient<T> {
    fn expected(self) -> Option<T> {
        match self {
            Self::Expected(value) => Some(value),
            Self::Other(_) => None,
        }
    }
}

/// The value, or none where something else stands. Formats that do not describe themselves cannot tell.
pub(super) fn value<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    if deserializer.is_human_readable() {
        Lenient::deserialize(deserializer).map(Lenient::expected)
    } else {
        Option::deserialize(deserializer)
    }
}

/// The entries that are texts.
pub(super) fn texts<'de, D>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error>
where
    D: Deserializer<'de>,
{
    if !deserializer.is_human_readable() {
        return BTreeMap::deserialize(deserializer);
    }
    let entries: Lenient<BTreeMap<String, Lenient<String>>> = Lenient::deserialize(deserializer)?;
    let entries = entries.expected().unwrap_or_default().into_iter();
    Ok(entries.filter_map(|(key, value)| Some((key, value.expected()?))).collect())
}
