//! How long a server asks to be left alone.

use std::time::{Duration, SystemTime};

/// The wait in a header `Retry-After`: seconds, or a date, which counts from the answer's own date, so that the two
/// clocks need not agree.
pub(crate) fn wait(retry_after: &str, date: Option<&str>) -> Option<Duration> {
    let retry_after = retry_after.trim();
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| -> Option<SystemTime> { httpdate::parse_http_date(text.trim()).ok() };
    Some(moment(retry_after)?.duration_since(moment(date?)?).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[test]
    fn seconds_need_no_date() {
        assert_eq!(wait("120", None), Some(Duration::from_secs(120)));
        assert_eq!(wait(" 0 ", Some(DATE)), Some(Duration::ZERO));
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_answer() {
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:07 GMT", Some(DATE)), Some(Duration::from_secs(30)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:00 GMT", Some(DATE)), Some(Duration::ZERO));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in ["", "soon", "-1", "1.5", "99999999999999999999999"] {
            assert_eq!(wait(value, Some(DATE)), None, "{value}");
        }
    }
}
