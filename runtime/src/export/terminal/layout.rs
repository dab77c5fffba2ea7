//! Where the columns are.

/// The width of a duration: `12.3 µs`, `213503d 23h` at the very worst.
const TIME: usize = 7;
const GAP: usize = 2;
/// Fewer columns make no bar.
const SHORTEST_BAR: usize = 10;

/// Where the columns are. A narrow terminal has no bars, a very narrow one no self time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The columns of the name.
    pub(super) name: usize,
    /// Where the duration ends.
    pub(super) total: usize,
    /// Where the self time ends.
    pub(super) self_time: Option<usize>,
    /// Where the bar begins, and its columns.
    pub(super) bar: Option<(usize, usize)>,
}

impl Layout {
    /// The layout on `width` columns for names that take up to `wanted`.
    pub(super) fn new(width: usize, wanted: usize) -> Self {
        let time = GAP + TIME;
        let has_bar = width >= 48;
        let has_self = width >= 36;
        let times = if has_self { 2 * time } else { time };
        let least_bar = if has_bar { GAP + SHORTEST_BAR.max(width / 4) } else { 0 };
        let name = wanted.clamp(4, width.saturating_sub(times + least_bar).max(4));
        let total = name + time;
        let self_time = has_self.then_some(total + time);
        let bar_from = self_time.unwrap_or(total) + GAP;
        Self { name, total, self_time, bar: has_bar.then(|| (bar_from, width.saturating_sub(bar_from))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_what_they_need_while_bars_keep_a_quarter() {
        let roomy = Layout { name: 20, total: 29, self_time: Some(38), bar: Some((40, 40)) };
        assert_eq!(Layout::new(80, 20), roomy);
        let tight = Layout { name: 40, total: 49, self_time: Some(58), bar: Some((60, 20)) };
        assert_eq!(Layout::new(80, 200), tight);
    }

    #[test]
    fn narrow_terminals_lose_bars_then_self_time_but_never_names() {
        assert_eq!(Layout::new(47, 200), Layout { name: 29, total: 38, self_time: Some(47), bar: None });
        assert_eq!(Layout::new(30, 200), Layout { name: 21, total: 30, self_time: None, bar: None });
        assert_eq!(Layout::new(0, 200).name, 4);
    }
}
