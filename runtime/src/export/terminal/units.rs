//! Durations, counts and money as people read them.

/// A duration with three digits and its unit.
pub(super) fn duration(nanoseconds: u64, unicode: bool) -> String {
    let micro = if unicode { "µs" } else { "us" };
    // The limits are where rounding to three digits would give four.
    match nanoseconds {
        0..1_000 => format!("{nanoseconds} ns"),
        1_000..999_500 => format!("{} {micro}", three_digits(nanoseconds as f64 / 1e3)),
        999_500..999_500_000 => format!("{} ms", three_digits(nanoseconds as f64 / 1e6)),
        999_500_000..59_950_000_000 => format!("{} s", three_digits(nanoseconds as f64 / 1e9)),
        _ => long_duration(nanoseconds.saturating_add(500_000_000) / 1_000_000_000),
    }
}

fn three_digits(number: f64) -> String {
    match number {
        ..9.995 => format!("{number:.2}"),
        ..99.95 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

fn long_duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours) {
        (0, 0) => format!("{minutes}m {:02}s", seconds % 60),
        (0, _) => format!("{hours}h {:02}m", minutes % 60),
        _ => format!("{days}d {:02}h", hours % 24),
    }
}

/// A count with a comma after each three digits.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 call`, `2 calls`.
pub(super) fn plural(number: u64, one: &str) -> String {
    format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
}

/// US dollars: cents, and below a dollar the first three digits that say something.
pub(super) fn dollars(amount: f64) -> String {
    if !amount.is_finite() || amount < 0.0 {
        return format!("${amount}");
    }
    if amount >= 1.0 {
        return format!("${amount:.2}");
    }
    let zeros = if amount > 0.0 { (-amount.log10().floor()).clamp(0.0, 12.0) as usize } else { 0 };
    let text = format!("{amount:.*}", zeros + 2);
    let enough = text.trim_end_matches('0').len().max("0.00".len());
    format!("${}", text.get(..enough).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_never_four() {
        let of = |nanoseconds| duration(nanoseconds, true);
        assert_eq!([of(0), of(999), of(1_000)], ["0 ns", "999 ns", "1.00 µs"]);
        assert_eq!([of(12_340), of(999_499), of(999_500)], ["12.3 µs", "999 µs", "1.00 ms"]);
        assert_eq!([of(9_996_000), of(820_400_000)], ["10.0 ms", "820 ms"]);
        assert_eq!([of(999_600_000), of(59_949_000_000)], ["1.00 s", "59.9 s"]);
        assert_eq!([of(59_999_000_000), of(3_723_000_000_000)], ["1m 00s", "1h 02m"]);
        assert_eq!([of(90_000_000_000_000), of(u64::MAX)], ["1d 01h", "213503d 23h"]);
        assert_eq!(duration(1_500, false), "1.50 us");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([count(0), count(999), count(1_000)], ["0", "999", "1,000"]);
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!([plural(1, "call"), plural(2, "call")], ["1 call", "2 calls"]);
    }

    #[test]
    fn a_small_cost_keeps_the_digits_that_matter() {
        assert_eq!([dollars(0.0), dollars(0.000435), dollars(0.0012)], ["$0.00", "$0.000435", "$0.0012"]);
        assert_eq!([dollars(0.5), dollars(0.999), dollars(12.345)], ["$0.50", "$0.999", "$12.35"]);
        assert_eq!(dollars(0.000_000_043_5), "$0.0000000435");
    }
}
