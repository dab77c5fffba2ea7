//! Messages as objects.

use std::io::Write;

use super::schema::{Kind, Member, Message, NumberOf};
use crate::export::otlp::wire::{Field, Fields};

/// Writes a message, which is protobuf in `bytes`, as an object. Each member is looked for from the beginning: protobuf
/// has its fields in any order, and may have other fields between those of an array.
pub(super) fn message(out: &mut Vec<u8>, message: &Message, bytes: &[u8]) {
    out.push(b'{');
    let mut is_first = true;
    for member in message.0 {
        let mut fields =
            Fields { bytes }.filter(|(number, _)| *number == member.number).map(|(_, field)| field);
        let first = fields.next();
        if first.is_none() && member.number_of != NumberOf::Any {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            out.push(b',');
        }
        text(out, member.name.as_bytes());
        out.push(b':');
        let all = first.into_iter().chain(fields);
        match member.number_of {
            NumberOf::One => all.last().into_iter().for_each(|field| value(out, member, field)),
            NumberOf::Many | NumberOf::Any => list(out, all, |out, field| value(out, member, field)),
        }
    }
    out.push(b'}');
}

fn list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes a field as its member wants it.
fn value(out: &mut Vec<u8>, member: &Member, field: Field<'_>) {
    match (member.kind, field) {
        (Kind::Text, Field::Bytes(bytes)) => text(out, bytes),
        (Kind::Hex, Field::Bytes(bytes)) => hex(out, bytes),
        (Kind::Bool, Field::Number(number)) => show(out, number != 0),
        (Kind::Number, Field::Number(number)) => show(out, number),
        (Kind::Number, Field::Fixed32(number)) => show(out, number),
        // On the wire a negative number is the unsigned one of the same bits.
        (Kind::Integer, Field::Number(number)) => show(out, format_args!("\"{}\"", number as i64)),
        (Kind::Integer, Field::Fixed64(number)) => integer(out, number),
        (Kind::Double, Field::Fixed64(bits)) => double(out, f64::from_bits(bits)),
        (Kind::PackedIntegers, Field::Bytes(bytes)) => list(out, packed(bytes), integer),
        (Kind::PackedDoubles, Field::Bytes(bytes)) => {
            list(out, packed(bytes), |out, bits| double(out, f64::from_bits(bits)));
        }
        (Kind::Message(schema), Field::Bytes(bytes)) => message(out, schema, bytes),
        // Nothing writes such a field.
        _ => out.extend_from_slice(b"null"),
    }
}

fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    // A vector takes all that is written to it.
    let _ = serde_json::to_writer(out, &*String::from_utf8_lossy(bytes));
}

fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    bytes.iter().for_each(|byte| show(out, format_args!("{byte:02x}")));
    out.push(b'"');
}

fn integer(out: &mut Vec<u8>, number: u64) {
    show(out, format_args!("\"{number}\""));
}

/// JSON has no words for what is not finite; protobuf's
/// [mapping](https://protobuf.dev/programming-guides/json/) has them as text.
fn double(out: &mut Vec<u8>, number: f64) {
    match number {
        _ if number.is_nan() => out.extend_from_slice(b"\"NaN\""),
        f64::INFINITY => out.extend_from_slice(b"\"Infinity\""),
        f64::NEG_INFINITY => out.extend_from_slice(b"\"-Infinity\""),
        _ => drop(serde_json::to_writer(out, &number)),
    }
}

fn show(out: &mut Vec<u8>, shown: impl std::fmt::Display) {
    let _ = write!(out, "{shown}");
}

fn packed(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().map(|word| u64::from_le_bytes(*word))
}
