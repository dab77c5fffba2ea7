//! Without the feature `logs`: nothing.

use crate::init::LogFormat;
use crate::init::environment::Environment;

/// What is logged: nothing, without the feature `logs`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logging {
    /// Without effect.
    pub format: LogFormat,
}

pub(in crate::init) fn say_lost_lines() {}

impl Logging {
    pub(in crate::init) fn read(_: &mut Environment<'_>) -> Self {
        Self { format: LogFormat::Off }
    }

    pub(in crate::init) fn install(&self, _: &str, _: bool) {}
}
