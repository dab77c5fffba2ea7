//! Values in JSON, appended to a buffer without intermediate strings.

use std::error::Error;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::context::BoundValue;

/// So many causes of an error are written: a chain that leads back to itself has an end too.
const MAX_SOURCES: usize = 16;

/// A number, a truth value, text.
pub(super) fn scalar<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Writing to a buffer does not fail, and scalars serialize.
    let _ = serde_json::to_writer(out, value);
}

/// An integer where it fits `i64`, else its digits as text: the rule for attributes of spans.
pub(super) fn integer<N: Copy + TryInto<i64> + fmt::Display>(out: &mut Vec<u8>, number: N) {
    match number.try_into() {
        Ok(number) => scalar::<i64>(out, &number),
        Err(_) => display(out, &number),
    }
}

/// What a `Display` says, as text.
pub(super) fn display(out: &mut Vec<u8>, value: &(impl fmt::Display + ?Sized)) {
    let text = Lenient(|f: &mut fmt::Formatter<'_>| write!(f, "{value}"));
    let _ = serde_json::Serializer::new(out).collect_str(&text);
}

/// What a `Debug` says, as text.
pub(super) fn debug(out: &mut Vec<u8>, value: &dyn fmt::Debug) {
    let text = Lenient(|f: &mut fmt::Formatter<'_>| write!(f, "{value:?}"));
    let _ = serde_json::Serializer::new(out).collect_str(&text);
}

/// Bytes as text, with U+FFFD for what is not UTF-8.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let text = Lenient(|f: &mut fmt::Formatter<'_>| {
        bytes.utf8_chunks().try_for_each(|chunk| {
            f.write_str(chunk.valid())?;
            f.write_str(if chunk.invalid().is_empty() { "" } else { "\u{fffd}" })
        })
    });
    let _ = serde_json::Serializer::new(out).collect_str(&text);
}

/// The causes of an error, outermost first; `None` when there are none.
pub(in crate::logs) fn sources<'a>(
    error: &'a (dyn Error + 'static),
) -> Option<impl Iterator<Item = &'a dyn Error>> {
    fn next<'a>(error: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
        <dyn Error>::source(*error)
    }
    let first = error.source()?;
    Some(std::iter::successors(Some(first), next).take(MAX_SOURCES).map(|error| error as _))
}

/// `[..]` with `write` for each item.
pub(super) fn list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// A bound value.
pub(in crate::logs) fn bound(out: &mut Vec<u8>, value: &BoundValue) {
    match value {
        BoundValue::Bool(value) => scalar(out, value),
        BoundValue::Int(value) => scalar(out, value),
        BoundValue::Double(value) => scalar(out, value),
        BoundValue::Str(value) => scalar(out, &**value),
        BoundValue::Array(values) => list(out, values.iter(), bound),
    }
}

/// Text of a `Display` or `Debug` that may fail: what it wrote until then counts. A failure would end in a panic of the
/// serializer, which takes it for one of the writer.
struct Lenient<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Lenient<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = (self.0)(f);
        Ok(())
    }
}
