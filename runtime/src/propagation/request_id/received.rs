//! Request IDs of others.

use crate::context::RequestId;
use crate::propagation::ows::trim;
use crate::propagation::read::Received;
use crate::propagation::{Extract, Policy, RequestIds};

/// The number of bytes that are taken when the sender is trusted.
const MAX_TRUSTED: usize = 1024;
/// The number of characters kept of an ID that was replaced.
const MAX_KEPT: usize = 128;

/// Reads the ID from the first header that has one, and tells what came.
pub(in crate::propagation) fn read<C: Extract + ?Sized>(
    config: &RequestIds,
    carrier: &C,
) -> (Option<RequestId>, Received) {
    for (header, name) in config.headers.iter().enumerate() {
        match read_header(config.policy, carrier, name) {
            Found::Nothing => {}
            Found::Accepted(id) => return (Some(id), Received::Accepted { header }),
            Found::Refused(original) => return (None, Received::Refused { header, original }),
        }
    }
    (None, Received::Nothing)
}

impl RequestIds {
    /// The ID that this text is where it is taken, else what is kept of it: escaped and cut. An empty text is neither.
    pub(crate) fn accept(&self, text: &str) -> Option<Result<RequestId, String>> {
        let value = trim(text.as_bytes());
        let accepted = || accept(self.policy, value).ok_or_else(|| escaped(value));
        (!value.is_empty()).then(accepted)
    }
}

enum Found {
    Nothing,
    Accepted(RequestId),
    /// Escaped and cut.
    Refused(String),
}

/// Several values of one header are one value with commas in it, as HTTP has it, and so are no ID.
fn read_header<C: Extract + ?Sized>(policy: Policy, carrier: &C, name: &str) -> Found {
    let mut found = Found::Nothing;
    carrier.each(name, &mut |value| {
        let value = trim(value);
        if value.is_empty() {
            return;
        }
        let mut original = match std::mem::replace(&mut found, Found::Nothing) {
            Found::Nothing => {
                found = accept(policy, value).map_or_else(|| Found::Refused(escaped(value)), Found::Accepted);
                return;
            }
            Found::Accepted(id) => id.with_str(|id| escaped(id.as_bytes())),
            Found::Refused(original) => original,
        };
        keep(&mut original, b",");
        keep(&mut original, value);
        found = Found::Refused(original);
    });
    found
}

fn accept(policy: Policy, value: &[u8]) -> Option<RequestId> {
    let text = std::str::from_utf8(value).ok()?;
    match policy {
        Policy::Validate => RequestId::new(text).ok(),
        Policy::Trust if value.len() <= MAX_TRUSTED && !text.contains(char::is_control) => {
            Some(RequestId::new_unchecked(text))
        }
        Policy::Trust | Policy::AlwaysNew => None,
    }
}

/// What is kept of an ID that was replaced: printable ASCII, cut.
fn escaped(value: &[u8]) -> String {
    let mut kept = String::new();
    keep(&mut kept, value);
    kept
}

/// Adds `value`, escaped, as far as there is room.
fn keep(kept: &mut String, value: &[u8]) {
    let room = MAX_KEPT.saturating_sub(kept.len());
    kept.extend(value.escape_ascii().map(char::from).take(room));
}
