//! What the stand-in model received and sent: counted, and written down when asked, so that a test can compare.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// How many requests came, and how they were answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Stats {
    /// All requests.
    pub(crate) requests: u64,
    /// Those answered with 429.
    pub(crate) throttled: u64,
}

/// One exchange, as it went over the wire.
#[derive(Debug, Serialize)]
struct Exchange<'a> {
    status: u16,
    request: &'a str,
    response: &'a str,
}

/// The book of all exchanges.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    requests: AtomicU64,
    throttled: AtomicU64,
    log: Option<Mutex<File>>,
}

impl Wire {
    /// Starts counting, and writing to the file if there is one.
    pub(crate) fn new(log: Option<&Path>) -> io::Result<Self> {
        let log = log.map(File::create).transpose()?.map(Mutex::new);
        Ok(Self { log, ..Self::default() })
    }

    /// The counts so far.
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            requests: self.requests.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
        }
    }

    /// Records one exchange with the exact bodies of both sides.
    pub(crate) fn record(&self, status: u16, request: &str, response: &str) -> io::Result<()> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.throttled.fetch_add(u64::from(status == 429), Ordering::Relaxed);
        let Some(log) = &self.log else { return Ok(()) };
        let mut line = serde_json::to_vec(&Exchange { status, request, response })?;
        line.push(b'\n');
        log.lock().map_err(|_| io::Error::other("the wire log is broken"))?.write_all(&line)
    }
}
