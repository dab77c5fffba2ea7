//! What the stand-in model received and sent: counted, and written down when asked, so that a test can compare.

use std::fs::File;
use std::io::{self, Write as _};
use std::path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// How many requests came, and how they were answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// All requests.
    pub requests: u64,
    /// Those answered with 429.
    pub throttled: u64,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// `/v1/chat/completions`
    Chat,
    /// `/v1/embeddings`
    Embeddings,
    /// `/v1/rerank`
    Rerank,
}

/// One exchange, as it went over the wire.
#[derive(Debug, Serialize)]
struct Exchange<'a> {
    path: Path,
    status: u16,
    request: &'a str,
    response: &'a str,
}

/// The book of all exchanges.
#[derive(Debug, Default)]
pub(super) struct Wire {
    requests: AtomicU64,
    throttled: AtomicU64,
    numbers: AtomicU64,
    log: Option<Mutex<File>>,
}

impl Wire {
    /// Starts counting, and writing to the file if there is one.
    pub(super) fn new(log: Option<&path::Path>) -> io::Result<Self> {
        let log = log.map(File::create).transpose()?.map(Mutex::new);
        Ok(Self { log, ..Self::default() })
    }

    /// The counts so far.
    pub(super) fn stats(&self) -> Stats {
        Stats {
            requests: self.requests.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
        }
    }

    /// A number that no other answer has.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Records one exchange with the exact bodies of both sides.
    pub(super) fn record(&self, path: Path, status: u16, request: &str, response: &str) -> io::Result<()> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.throttled.fetch_add(u64::from(status == 429), Ordering::Relaxed);
        let Some(log) = &self.log else { return Ok(()) };
        let mut line = serde_json::to_vec(&Exchange { path, status, request, response })?;
        line.push(b'\n');
        log.lock().map_err(|_| io::Error::other("the wire log is broken"))?.write_all(&line)
    }
}
