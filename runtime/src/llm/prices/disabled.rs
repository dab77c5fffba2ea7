//! Without the feature `prices` there is no price list.

use super::Bill;

pub(crate) fn warm() {}

pub(crate) fn cost(_: &Bill<'_>) -> Option<f64> {
    None
}
