//! Numbers in hex digits of any case and number, as the older formats have them.

/// The number of these digits, of which there are 1 to `most`.
pub(super) fn parse(digits: &[u8], most: usize) -> Option<u128> {
    if digits.is_empty() || digits.len() > most.min(32) {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(number << 4 | u128::from(value))
    })
}

/// The same of a number that fits 64 bits: 16 digits at most.
pub(super) fn parse_u64(digits: &[u8]) -> Option<u64> {
    parse(digits, 16)?.try_into().ok()
}
