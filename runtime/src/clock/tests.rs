//! Clocks that misbehave.

use std::time::Duration;

use super::anchor::Anchor;
use super::calibration::{UNMEASURED, refined};
use super::{calibrate, tick, unix_nanos};

#[test]
fn ticks_are_translated_to_the_wall_clock() {
    calibrate();
    let before = unix_nanos();
    let (tick, anchor) = (tick(), Anchor::now());
    let time = anchor.unix_at(tick);
    // The two clocks are read one after the other, on a machine that may pause in between.
    assert!(time + 1_000_000 >= before && time <= unix_nanos() + 1_000_000);
}

#[test]
fn a_tick_before_the_epoch_of_an_anchor_saturates() {
    let anchor = Anchor::at(u64::MAX, 1_000);
    assert_eq!(anchor.unix_at(0), 0);
}

#[test]
fn a_tick_after_its_anchor_counts_on_from_it() {
    let anchor = Anchor::at(1_000, 5_000);
    assert!(anchor.unix_at(2_000) >= 5_000);
    assert_eq!(anchor.unix_at(1_000), 5_000);
}

#[test]
fn ticks_keep_their_order_from_one_anchor_to_the_next() {
    calibrate();
    let mut anchor = Anchor::now();
    let mut last = 0;
    for _ in 0..1_000 {
        anchor = Anchor::following(&anchor);
        let time = anchor.unix_at(tick());
        assert!(time + 2 >= last, "rounding is all that may differ");
        last = time;
    }
}

#[test]
fn an_anchor_that_is_far_from_the_wall_clock_is_left() {
    let astray = Anchor::at(tick(), 5_000);
    assert!(Anchor::following(&astray).unix_at(tick()) > 1_000_000_000_000_000_000);
}

#[test]
fn a_measurement_over_a_suspended_machine_is_left_out() {
    let second = Duration::from_secs(1);
    let half = refined(UNMEASURED, second, 2_000_000_000);
    assert_eq!(half, 1 << 31, "two ticks a nanosecond");
    assert!(refined(half, second, 2_000_001_000) < half, "a better one counts");
    for (elapsed, ticks) in [(second * 3600, 1_000), (Duration::ZERO, 1_000), (second, 0)] {
        assert_eq!(refined(half, elapsed, ticks), half);
    }
}

#[test]
fn ticks_of_one_thread_do_not_go_back() {
    let ticks: Vec<u64> = (0..1_000).map(|_| tick()).collect();
    assert!(ticks.is_sorted());
}
