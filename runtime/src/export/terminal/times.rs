//! Stretches of time.

/// From, to; nanoseconds since 1970.
pub(super) type Stretch = (u64, u64);

/// The time that is in at least one of `stretches`, in order and without overlap.
pub(super) fn union(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for (from, to) in stretches {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The time of `whole` that is in none of `parts`, which are in order and do not overlap.
pub(super) fn without(whole: Stretch, parts: &[Stretch]) -> Vec<Stretch> {
    let mut rest = Vec::new();
    let mut from = whole.0;
    for part in parts.iter().filter(|part| part.1 > whole.0 && part.0 < whole.1) {
        if part.0 > from {
            rest.push((from, part.0));
        }
        from = from.max(part.1);
    }
    if from < whole.1 {
        rest.push((from, whole.1));
    }
    rest
}

/// How much time that is.
pub(super) fn length(stretches: &[Stretch]) -> u64 {
    stretches.iter().fold(0, |sum, (from, to)| sum.saturating_add(to.saturating_sub(*from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_two_stretches_share_counts_once() {
        assert_eq!(union(vec![(5, 9), (1, 3), (2, 4), (9, 10)]), [(1, 4), (5, 10)]);
    }

    #[test]
    fn self_time_is_what_no_child_covers() {
        assert_eq!(without((10, 20), &[(0, 11), (12, 14), (19, 30)]), [(11, 12), (14, 19)]);
        assert_eq!(without((10, 20), &[(0, 30)]), []);
        assert_eq!(without((10, 20), &[(1, 10), (20, 25)]), [(10, 20)]);
        assert_eq!(length(&[(1, 4), (5, 10)]), 8);
    }
}
