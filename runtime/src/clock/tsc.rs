//! The time stamp counter of x86-64: a third of the cost of asking the system.

use std::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const STABLE: u8 = 1;
const UNSTABLE: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);

/// Whether the counter runs at one speed, in step on all cores, also while the processor sleeps.
#[inline]
pub(super) fn is_stable() -> bool {
    match STATE.load(Ordering::Relaxed) {
        STABLE => true,
        UNKNOWN => find_out(),
        _ => false,
    }
}

#[cold]
#[inline(never)]
fn find_out() -> bool {
    let stable = kernel_trusts_it();
    STATE.store(if stable { STABLE } else { UNSTABLE }, Ordering::Relaxed);
    stable
}

/// Linux takes `tsc` off this list when the counter stops in sleep, changes its speed, or runs out of step between
/// cores. Other systems keep no such list: there the system's clock is used.
fn kernel_trusts_it() -> bool {
    std::fs::read_to_string("/sys/devices/system/clocksource/clocksource0/available_clocksource")
        .is_ok_and(|sources| sources.split_whitespace().any(|source| source == "tsc"))
}

/// The counter now.
#[inline]
#[expect(unsafe_code, reason = "one instruction, where asking the system is a call; a span does it twice")]
pub(super) fn read() -> u64 {
    // SAFETY: RDTSC is part of every x86-64 processor, touches no memory, and is only forbidden where the system traps it,
    // which no system that lists `tsc` as a clock source does.
    unsafe { core::arch::x86_64::_rdtsc() }
}
