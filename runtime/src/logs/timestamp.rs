//! The time of a line.

use std::cell::Cell;

/// `2026-11-21T02:05:09.123456Z`: RFC 3339, UTC. Microseconds, because that is what readers of logs parse everywhere
/// (Python's `datetime` has no more) and what separates two lines; a fixed width, so that lines sort as text.
pub(super) type Timestamp = [u8; 27];

/// The text of a second, without its `Z`.
type Second = [u8; 19];

/// The timestamp of a moment, in nanoseconds since 1970.
pub(super) fn format(unix_nanos: u64) -> Timestamp {
    let (second, mut micros) = (unix_nanos / 1_000_000_000, unix_nanos % 1_000_000_000 / 1_000);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    text[..19].copy_from_slice(&of_second(second));
    for digit in text[20..26].iter_mut().rev() {
        *digit = b'0' + (micros % 10) as u8;
        micros /= 10;
    }
    text
}

/// The date and the time of day change once a second: a thread remembers them.
fn of_second(second: u64) -> Second {
    thread_local!(static LAST: Cell<(u64, Second)> = const { Cell::new((0, *b"1970-01-01T00:00:00")) });
    LAST.with(|last| {
        let (known, text) = last.get();
        if known == second {
            return text;
        }
        let text = calendar(second);
        last.set((second, text));
        text
    })
}

/// What the calendar says. 64 bits of nanoseconds end in the year 2554, well within what it knows.
fn calendar(second: u64) -> Second {
    let moment = i64::try_from(second).ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
    let text = moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string();
    text.as_bytes().first_chunk().copied().unwrap_or(*b"1970-01-01T00:00:00")
}

#[cfg(test)]
mod tests {
    use super::format;

    #[track_caller]
    fn check(unix_nanos: u64, expected: &str) {
        assert_eq!(str::from_utf8(&format(unix_nanos)), Ok(expected));
    }

    #[test]
    fn timestamps_have_a_fixed_width() {
        check(0, "1970-01-01T00:00:00.000000Z");
        check(999, "1970-01-01T00:00:00.000000Z");
        check(1_000, "1970-01-01T00:00:00.000001Z");
        check(951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z");
        check(1_795_226_709_123_456_789, "2026-11-21T02:05:09.123456Z");
        check(u64::MAX, "2554-07-21T23:34:33.709551Z");
    }

    #[test]
    fn a_second_that_was_left_is_not_remembered() {
        check(1_000_000_000, "1970-01-01T00:00:01.000000Z");
        check(2_000_000_000, "1970-01-01T00:00:02.000000Z");
        check(1_500_000_000, "1970-01-01T00:00:01.500000Z");
    }
}
