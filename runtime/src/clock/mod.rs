//! Time: a fast tick and what it means in nanoseconds since 1970.
//!
//! Spans read a tick twice: the processor's time stamp counter where it is stable, else nanoseconds of the system's
//! monotonic clock. The worker translates ticks when it drains, by an [`Anchor`] taken at that moment, so that a stepped
//! wall clock or a suspended machine puts only what was under way at that moment into doubt.

mod anchor;
mod calibration;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod tsc;
mod wall;

pub(crate) use anchor::Anchor;
pub(crate) use calibration::{calibrate, nanos};
pub(crate) use wall::{monotonic, unix_millis_at, unix_nanos};

/// Whether reading the tick is no more than reading a counter.
pub(crate) fn is_quick() -> bool {
    #[cfg(target_arch = "x86_64")]
    return tsc::is_stable();
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// The tick now, where [`is_quick`] has said yes: calls nothing, and checks nothing.
#[inline]
pub(crate) fn quick_tick() -> u64 {
    #[cfg(target_arch = "x86_64")]
    return tsc::read();
    #[cfg(not(target_arch = "x86_64"))]
    tick()
}

/// The tick now. Ticks of one thread never go back where the counter is stable; differences saturate all the same.
#[inline]
pub(crate) fn tick() -> u64 {
    #[cfg(target_arch = "x86_64")]
    if tsc::is_stable() {
        return tsc::read();
    }
    wall::monotonic_nanos()
}
