//! Baggage in headers of its own: one for each value, whose name begins alike.

use crate::context::baggage::Baggage;
use crate::propagation::{Extract, Inject, baggage};

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As they are. What a header cannot have is left out.
    Plain,
    /// Percent-encoded.
    Percent,
}

/// Adds what the headers have, within the limits of the header `baggage`.
pub(super) fn extract(carrier: &dyn Extract, prefix: &str, encoding: Encoding, into: &mut Baggage) {
    let (mut count, mut len) = (0, 0);
    carrier.each_key(&mut |key| {
        let Some(name) = name(key, prefix) else { return };
        if count == baggage::MAX_MEMBERS {
            return;
        }
        count += 1;
        carrier.each(key, &mut |value| {
            let longer = len + name.len() + value.len();
            if longer > baggage::MAX_LEN {
                return;
            }
            if let Some(value) = encoding.read(value) {
                len = longer;
                into.set(&name, &value, "");
            }
        });
    });
}

/// Writes a header for each value that is not there yet.
pub(super) fn inject(carrier: &mut dyn Inject, prefix: &str, encoding: Encoding, from: &Baggage) {
    let (mut key, mut text, mut len) = (prefix.to_owned(), String::new(), 0);
    for (name, value, _) in from.iter().take(baggage::MAX_MEMBERS) {
        key.truncate(prefix.len());
        text.clear();
        let is_written = baggage::is_token(name.as_bytes()) && encoding.write(value, &mut text);
        len += name.len() + text.len();
        if len > baggage::MAX_LEN {
            return;
        }
        key.push_str(name);
        if is_written && !carrier.contains(&key) {
            carrier.set(&key, &text);
        }
    }
}

/// What follows the prefix, in lower case: names of HTTP headers have none.
fn name(key: &str, prefix: &str) -> Option<String> {
    let (start, name) = key.split_at_checked(prefix.len())?;
    let is_named = start.eq_ignore_ascii_case(prefix) && baggage::is_token(name.as_bytes());
    is_named.then(|| name.to_ascii_lowercase())
}

impl Encoding {
    fn read(self, value: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
        let is_visible = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
        match self {
            Self::Plain if value.iter().all(is_visible) => Some(String::from_utf8_lossy(value)),
            Self::Plain => None,
            Self::Percent => Some(baggage::decode(value)),
        }
    }

    fn write(self, value: &str, text: &mut String) -> bool {
        match self {
            Self::Plain => text.push_str(value),
            Self::Percent => baggage::encode(text, value),
        }
        text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    }
}
