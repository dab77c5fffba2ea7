//! The [protobuf wire format](https://protobuf.dev/programming-guides/encoding/), as far as OTLP needs it.
//!
//! Lengths stand before what they measure. Where a length is known it is written at once; where it is not, room for it
//! is left and filled in afterwards ([`nested`]), so that no message is measured in a pass of its own.

/// The wire type of a field: how its end is found.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Varint = 0,
    Fixed64 = 1,
    Delimited = 2,
}

/// The byte before a field with a number up to 15.
pub(super) const fn tag(field: u8, wire_type: Type) -> u8 {
    assert!(field < 16);
    field << 3 | wire_type as u8
}

/// How many bytes [`varint`] writes.
#[inline]
pub(super) const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros()).div_ceil(7) as usize
}

/// Seven bits a byte, the low ones first; all but the last byte have the high bit set.
#[inline]
pub(super) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A field that is a number of at most 64 bits. 0 is written too: the caller leaves defaults out.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, field: u8, value: u64) {
    out.push(tag(field, Type::Varint));
    varint(out, value);
}

/// A field that is a number of always 64 bits.
#[inline]
pub(super) fn fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    let mut bytes = [tag(field, Type::Fixed64); 9];
    bytes[1..].copy_from_slice(&value.to_le_bytes());
    out.extend_from_slice(&bytes);
}

/// A field that is a floating-point number.
#[cfg(feature = "llm")]
pub(super) fn double(out: &mut Vec<u8>, field: u8, value: f64) {
    fixed64(out, field, value.to_bits());
}

/// A field that is a list of numbers of always 64 bits.
#[cfg(feature = "llm")]
pub(super) fn packed(out: &mut Vec<u8>, field: u8, values: impl ExactSizeIterator<Item = u64>) {
    out.push(tag(field, Type::Delimited));
    varint(out, 8 * values.len() as u64);
    values.for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

/// A field that is text or bytes.
#[inline]
pub(super) fn delimited(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(tag(field, Type::Delimited));
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// The bytes left for the length of a nested message. Two reach to 16 KiB; what is longer is moved by a byte or two.
const ROOM: usize = 2;

/// A field that is a message, whose fields `fill` writes.
#[inline]
pub(super) fn nested(out: &mut Vec<u8>, field: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[tag(field, Type::Delimited), 0, 0]);
    let start = out.len();
    fill(out);
    let len = out.len() - start;
    match padded::<ROOM>(len) {
        Some(bytes) => out[start - ROOM..start].copy_from_slice(&bytes),
        None => widen(out, start, len),
    }
}

/// The length as exactly `WIDTH` bytes, `None` when it needs more. Decoders accept a varint with leading zeros.
#[inline]
pub(super) fn padded<const WIDTH: usize>(len: usize) -> Option<[u8; WIDTH]> {
    let mut bytes = [0; WIDTH];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = (len >> (7 * index)) as u8 | 0x80;
    }
    bytes[WIDTH - 1] &= 0x7f;
    (len >> (7 * WIDTH) == 0).then_some(bytes)
}

#[cold]
fn widen(out: &mut Vec<u8>, start: usize, len: usize) {
    let mut bytes = Vec::with_capacity(10);
    varint(&mut bytes, len as u64);
    out.splice(start - ROOM..start, bytes);
}

/// A field of a message that is read.
#[derive(Clone, Copy)]
pub(in crate::export) enum Field<'a> {
    Number(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// The fields of a message with their numbers; ends early at what is malformed.
#[derive(Clone, Copy)]
pub(in crate::export) struct Fields<'a> {
    pub(in crate::export) bytes: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let len = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(len)?)
            }
            5 => Field::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Fields<'a> {
    /// The fields of that number that are text, bytes or messages.
    pub(in crate::export) fn bytes_of(self, number: u64) -> impl Iterator<Item = &'a [u8]> {
        self.filter_map(move |(known, field)| match field {
            Field::Bytes(bytes) if known == number => Some(bytes),
            _ => None,
        })
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.bytes.split_at_checked(len)?;
        self.bytes = tail;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}
