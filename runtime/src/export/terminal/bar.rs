//! The bar of a row, to scale.

use crate::export::terminal::times::Stretch;

/// The time that the bars are drawn against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) from: u64,
    pub(super) to: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    None,
    /// The span waited for its children.
    Thin,
    /// The span itself was at work.
    Thick,
}

/// The bar on `columns`: thick where the span itself was at work (`own`), thin in the rest of `whole`, where its children
/// were. Every span gets at least half a column.
pub(super) fn bar(columns: usize, scale: Scale, whole: &[Stretch], own: &[Stretch], unicode: bool) -> String {
    let mut halves = vec![Ink::None; columns * 2];
    draw(&mut halves, scale, whole, Ink::Thin, true);
    draw(&mut halves, scale, own, Ink::Thick, whole == own);
    let glyph = if unicode { block } else { ascii };
    let text: String = halves.chunks(2).map(|halves| glyph(halves[0], halves[1])).collect();
    text.trim_end().to_owned()
}

/// Draws the stretches; those too short for half a column only if `all`.
fn draw(halves: &mut [Ink], scale: Scale, stretches: &[Stretch], ink: Ink, all: bool) {
    let len = halves.len();
    for &(from, to) in stretches {
        let first = place(scale, len, from);
        let end = place(scale, len, to);
        let (first, end) =
            if all && end <= first { (first.min(len.saturating_sub(1)), first + 1) } else { (first, end) };
        if let Some(part) = halves.get_mut(first..end.min(len)) {
            part.fill(ink);
        }
    }
}

/// The half column nearest to a time.
fn place(scale: Scale, len: usize, time: u64) -> usize {
    let whole = u128::from(scale.to.saturating_sub(scale.from)).max(1);
    let part = u128::from(time.clamp(scale.from, scale.to.max(scale.from)) - scale.from);
    ((part * len as u128 + whole / 2) / whole) as usize
}

const fn block(left: Ink, right: Ink) -> char {
    match (left, right) {
        (Ink::Thick, Ink::Thick) => '█',
        (Ink::Thick, _) => '▌',
        (_, Ink::Thick) => '▐',
        (Ink::Thin, Ink::Thin) => '─',
        (Ink::Thin, Ink::None) => '╴',
        (Ink::None, Ink::Thin) => '╶',
        (Ink::None, Ink::None) => ' ',
    }
}

const fn ascii(left: Ink, right: Ink) -> char {
    match (left, right) {
        (Ink::Thick, _) | (_, Ink::Thick) => '#',
        (Ink::Thin, _) | (_, Ink::Thin) => '-',
        (Ink::None, Ink::None) => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale { from: 100, to: 200 };

    fn leaf(from: u64, to: u64) -> String {
        bar(10, SCALE, &[(from, to)], &[(from, to)], true)
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_trace() {
        assert_eq!(leaf(100, 200), "██████████");
        assert_eq!(leaf(150, 175), "     ██▌");
        assert_eq!(leaf(145, 160), "    ▐█");
    }

    #[test]
    fn the_shortest_span_is_still_seen_also_at_the_very_end() {
        assert_eq!(leaf(100, 100), "▌");
        assert_eq!(leaf(151, 152), "     ▌");
        assert_eq!(leaf(200, 200), "         ▐");
        assert_eq!(bar(10, Scale { from: 5, to: 5 }, &[(5, 5)], &[(5, 5)], true), "▌");
    }

    #[test]
    fn time_of_children_is_thin() {
        let own = [(100, 120), (180, 200)];
        assert_eq!(bar(10, SCALE, &[(100, 200)], &own, true), "██──────██");
        assert_eq!(bar(10, SCALE, &[(100, 200)], &own, false), "##------##");
        assert_eq!(bar(10, SCALE, &[(105, 195)], &[], true), "╶────────╴");
    }

    #[test]
    fn times_outside_of_the_scale_and_no_room_are_harmless() {
        assert_eq!(leaf(0, 1_000), "██████████");
        assert_eq!(leaf(500, 600), "         ▐");
        assert_eq!(bar(0, SCALE, &[(100, 200)], &[], true), "");
    }
}
