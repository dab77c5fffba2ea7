//! Trace IDs and span IDs, as in [W3C Trace Context](https://www.w3.org/TR/trace-context-2/).

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

/// Names one trace: 16 bytes, written as 32 lower-case hex digits.
///
/// ```
/// use throughline::TraceId;
///
/// let id: TraceId = "4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap();
/// assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert!("00000000000000000000000000000000".parse::<TraceId>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(u128);

/// Names one span within a trace: 8 bytes, written as 16 lower-case hex digits.
///
/// ```
/// use throughline::SpanId;
///
/// let id: SpanId = "00f067aa0ba902b7".parse().unwrap();
/// assert_eq!(id.to_bytes(), [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(u64);

/// The text is not an ID: its length is wrong, a character is not a lower-case hex digit, or all digits are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseIdError;

impl TraceId {
    /// The ID with this number, or `None` for 0, which the convention declares invalid.
    #[inline]
    pub const fn new(number: u128) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The ID with these bytes (network order), or `None` when all are 0.
    #[inline]
    pub const fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        Self::new(u128::from_be_bytes(bytes))
    }

    /// The bytes, in network order.
    #[inline]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The number.
    #[inline]
    pub const fn to_u128(self) -> u128 {
        self.0
    }

    /// The 32 lower-case hex digits.
    #[inline]
    pub fn to_hex(self) -> [u8; 32] {
        hex(self.to_bytes())
    }

    pub(crate) fn from_hex(digits: &[u8]) -> Option<Self> {
        Self::from_bytes(unhex(digits)?)
    }
}

impl SpanId {
    /// The ID with this number, or `None` for 0, which the convention declares invalid.
    #[inline]
    pub const fn new(number: u64) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The ID with these bytes (network order), or `None` when all are 0.
    #[inline]
    pub const fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        Self::new(u64::from_be_bytes(bytes))
    }

    /// The bytes, in network order.
    #[inline]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The number.
    #[inline]
    pub const fn to_u64(self) -> u64 {
        self.0
    }

    /// The 16 lower-case hex digits.
    #[inline]
    pub fn to_hex(self) -> [u8; 16] {
        hex(self.to_bytes())
    }

    pub(crate) fn from_hex(digits: &[u8]) -> Option<Self> {
        Self::from_bytes(unhex(digits)?)
    }
}

/// Hashes span IDs. One thread's count in even steps, so the low bits are made of the high ones.
#[derive(Default)]
pub(crate) struct SpanIdHasher(u64);

impl Hasher for SpanIdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (number ^ number >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The two hex digits of every byte.
const PAIRS: [[u8; 2]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
        byte += 1;
    }
    pairs
};

/// The value of every lower-case hex digit; 0xff for what is none.
const VALUES: [u8; 256] = {
    let mut values = [0xff; 256];
    let mut digit = 0;
    while digit < 16 {
        values[PAIRS[digit][1] as usize] = digit as u8;
        digit += 1;
    }
    values
};

#[inline]
fn hex<const BYTES: usize, const DIGITS: usize>(bytes: [u8; BYTES]) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&PAIRS[usize::from(byte)]);
    }
    digits
}

/// Eight digits at a time, the rest in pairs.
#[inline]
fn unhex<const BYTES: usize>(digits: &[u8]) -> Option<[u8; BYTES]> {
    if digits.len() != 2 * BYTES {
        return None;
    }
    let mut bytes = [0; BYTES];
    let (words, pairs) = digits.as_chunks::<8>();
    let mut invalid = 0;
    for (four, word) in bytes.chunks_exact_mut(4).zip(words) {
        let (value, wrong) = unhex_word(u64::from_be_bytes(*word));
        four.copy_from_slice(&value.to_be_bytes());
        invalid |= wrong;
    }
    for (byte, pair) in bytes[4 * words.len()..].iter_mut().zip(pairs.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        invalid |= u64::from((high | low) & 0xf0);
        *byte = high << 4 | low & 15;
    }
    (invalid == 0).then_some(bytes)
}

/// The value of eight digits, and bits that are not 0 when one of them is none.
#[inline]
fn unhex_word(digits: u64) -> (u32, u64) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A letter has bit 6, and its low bits count from 1.
    let values = (digits & (0x0f * ONES)) + 9 * ((digits >> 6) & ONES);
    // Digits made of the values again are the same, unless a character was none.
    let letters = ((values + 6 * ONES) >> 4) & ONES;
    let again = values + 0x30 * ONES + 0x27 * letters;
    let invalid = (again ^ digits) | (values & (0xf0 * ONES));
    let pairs = (values | (values >> 4)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | (pairs >> 8)) & 0x0000_ffff_0000_ffff;
    ((fours | (fours >> 16)) as u32, invalid)
}

/// One byte of two lower-case hex digits, as in the version and the flags of a `traceparent`.
#[inline]
pub(crate) fn hex_byte(digits: &[u8]) -> Option<u8> {
    unhex::<1>(digits).map(|[byte]| byte)
}

macro_rules! text {
    ($id:ident, $width:literal) => {
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $width, "x}"), self.0)
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($id), "({})"), self)
            }
        }

        impl FromStr for $id {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Self::from_hex(text.as_bytes()).ok_or(ParseIdError)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $id {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

text!(TraceId, "32");
text!(SpanId, "16");

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ID: expected 32 (trace) or 16 (span) lower-case hex digits, not all 0")
    }
}

impl std::error::Error for ParseIdError {}

#[cfg(test)]
mod tests {
    use super::{SpanId, TraceId};

    #[test]
    fn only_lower_case_hex_digits_are_read_wherever_they_stand() {
        let valid = *b"4bf92f3577b34da6";
        for place in 0..valid.len() {
            for byte in 0..=255 {
                let mut digits = valid;
                digits[place] = byte;
                let expected = matches!(byte, b'0'..=b'9' | b'a'..=b'f')
                    .then(|| u64::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                assert_eq!(SpanId::from_hex(&digits).map(SpanId::to_u64), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn an_id_reads_what_it_wrote() {
        for number in [1, u128::MAX, 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210] {
            let id = TraceId::new(number).unwrap();
            assert_eq!(TraceId::from_hex(&id.to_hex()), Some(id));
            assert_eq!(id.to_string().as_bytes(), id.to_hex());
        }
    }
}
