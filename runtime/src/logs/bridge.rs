//! Records of `log`.

use std::fmt;

use tracing_core::LevelFilter;
use tracing_log::{AsLog, LogTracer};

/// A logger for the `log` crate was there already; it is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggerAlreadySet;

/// Makes an event of `tracing` of every record of the [`log`] crate up to `level`, with the target of the record; the
/// filter of the subscriber decides on the rest. [`throughline::init`](crate::init()) does this.
///
/// It is done by `tracing-log`, the library of the `tracing` project: the filter sees the target of each record, and
/// subscribers other than ours know its events as well. Key-value pairs of records are not passed on.
///
/// # Errors
///
/// [`LoggerAlreadySet`] when the program has a logger.
///
/// ```
/// throughline::logs::capture_log_records(tracing_core::LevelFilter::INFO).unwrap();
/// assert!(throughline::logs::capture_log_records(tracing_core::LevelFilter::INFO).is_err());
/// ```
pub fn capture_log_records(level: LevelFilter) -> Result<(), LoggerAlreadySet> {
    LogTracer::builder().with_max_level(level.as_log()).init().map_err(|_| LoggerAlreadySet)
}

impl fmt::Display for LoggerAlreadySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a logger for the `log` crate is already set")
    }
}

impl std::error::Error for LoggerAlreadySet {}
