//! Keys: which are fixed, and which field has the last word.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use tracing_core::Event;
use tracing_core::field::{Field, Visit};

use crate::logs::json::values;

/// What every line may have; no other field takes their place.
fn is_fixed(key: &str) -> bool {
    matches!(
        key,
        "timestamp" | "level" | "message" | "target" | "service" | "request_id" | "trace_id" | "span_id"
    )
}

/// The key under which a field is written: `fields.<name>` for one that has the name of a fixed key.
pub(in crate::logs) fn written(name: &str) -> Cow<'_, str> {
    // A field named after a keyword is declared as `r#type`.
    let name = name.strip_prefix("r#").unwrap_or(name);
    if is_fixed(name) { Cow::Owned(format!("fields.{name}")) } else { Cow::Borrowed(name) }
}

/// Appends `,"key":`, `suffix` behind the name.
pub(super) fn append(out: &mut Vec<u8>, name: &str, suffix: &str) {
    let key = written(name);
    out.push(b',');
    match suffix {
        "" => values::scalar(out, &*key),
        _ => values::display(out, &format_args!("{key}{suffix}")),
    }
    out.push(b':');
}

/// Whether the event has a field that is written as `key`.
pub(in crate::logs) fn has_field(event: &Event<'_>, key: &str) -> bool {
    let mut search = Search { key, found: false };
    event.record(&mut search);
    search.found
}

struct Search<'a> {
    key: &'a str,
    found: bool,
}

impl Search<'_> {
    fn compare(&mut self, name: &str, suffix: &str) {
        self.found |= self.key.strip_suffix(suffix) == Some(&*written(name));
    }
}

impl Visit for Search<'_> {
    fn record_debug(&mut self, field: &Field, _: &dyn fmt::Debug) {
        // The message is no field.
        if field.name() != "message" {
            self.compare(field.name(), "");
        }
    }

    /// The causes count whether there are any or not: asking the error would run code of others, and the slot of the
    /// request may be locked.
    fn record_error(&mut self, field: &Field, _: &(dyn Error + 'static)) {
        self.compare(field.name(), "");
        self.compare(field.name(), SOURCES);
    }
}

/// What the key of the causes of an error ends in.
pub(in crate::logs) const SOURCES: &str = ".sources";
