//! What the program holds until it ends.

use std::fmt;
use std::time::Duration;

use crate::Pipeline;
use crate::init::logging;

/// Hands on what is finished when it is dropped, and ends tracing. It waits for that at most the time that
/// [`Builder::flush_timeout`](crate::init::Builder::flush_timeout) says and a little more, also inside an async runtime,
/// whose work the waiting does not need.
///
/// A program that ends by `std::process::exit` drops nothing and calls [`flush`](crate::flush()) before. Nor does one that a
/// signal ends, as Ctrl-C does, and the SIGTERM by which containers are stopped: what was not sent yet is lost. A service waits
/// for the signal (`tokio::signal`), lets its server stop, and returns from `main`.
#[must_use = "bind it to a name and keep it to the end of `main`: tracing ends when it is dropped"]
pub struct Guard(pub(super) Option<Started>);

/// A pipeline that is at work.
pub(super) struct Started {
    pub(super) pipeline: Pipeline,
    pub(super) flush_timeout: Duration,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // What is lost is counted; the exporter that lost it says so, at the latest when the pipeline ends, which waits for
        // that.
        if let Some(Started { pipeline, flush_timeout }) = self.0.take() {
            pipeline.flush(flush_timeout);
        }
        logging::say_lost_lines();
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("tracing", &self.0.is_some()).finish()
    }
}
