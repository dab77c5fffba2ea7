//! Files: each line a request of OTLP as JSON.
//!
//! The form is that of OpenTelemetry's
//! [file exporter](https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/): collectors read it, and so does `jq`.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use throughline::Pipeline;
//! use throughline::export::file::FileSink;
//! use throughline::export::otlp::Resource;
//!
//! # fn main() -> std::io::Result<()> {
//! let path = std::env::temp_dir().join(format!("throughline-{}.jsonl", std::process::id()));
//! let sink = FileSink::append(&path, &Resource::new("shop"), Arc::default())?;
//! let pipeline = Pipeline::builder().sink(sink).start()?;
//! let entered = pipeline.enter();
//! throughline::span!("checkout").in_scope(|| ());
//! drop(entered);
//! assert!(pipeline.flush(Duration::from_secs(5)));
//! assert!(std::fs::read_to_string(&path)?.contains(r#""name":"checkout""#));
//! # std::fs::remove_file(&path)
//! # }
//! ```

mod appended;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::otlp::{Encoder, Loss, Losses, Resource, Signal, json};
use crate::clock::monotonic;
use crate::report;
use crate::span::{Sink, SpanView};
use crate::stats::Counters;
use appended::Appended;

/// Writes spans as lines of JSON: at most a second after they ended, and when it is flushed. A line is written at once, so
/// that processes that append to one file do not mix theirs. A file that was removed or renamed meanwhile is made anew, and
/// behind half a line, which a full disk leaves, the next one begins on its own. What cannot be written is counted, and said
/// on stderr, at most once a minute.
pub struct FileSink {
    encoder: Encoder,
    out: Out,
    losses: Losses,
    /// Since when there is something to write.
    since: Option<Instant>,
}

enum Out {
    File(Appended),
    Stdout,
}

/// The longest that spans wait for others.
const DELAY: Duration = Duration::from_secs(1);
/// A line has about this many bytes at most, before it is JSON.
const LONGEST_LINE: usize = 512 << 10;

impl FileSink {
    /// Writes to the end of a file, which is made when it is not there. What becomes of spans is counted in `counters`, which are those
    /// of the pipeline.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub fn append(path: impl AsRef<Path>, resource: &Resource, counters: Arc<Counters>) -> io::Result<Self> {
        let path = path.as_ref();
        let out = Out::File(Appended::open(path)?);
        Ok(Self::new(out, path.display().to_string(), resource, counters))
    }

    /// Writes to the standard output, among what else is written there.
    pub fn stdout(resource: &Resource, counters: Arc<Counters>) -> Self {
        Self::new(Out::Stdout, "the standard output".to_owned(), resource, counters)
    }

    fn new(out: Out, name: String, resource: &Resource, counters: Arc<Counters>) -> Self {
        let losses = Losses::new(Signal::Traces, name, counters, Box::new(report::say));
        Self { encoder: Encoder::new(resource), out, losses, since: None }
    }

    /// Writes what there is. What cannot be written is lost, and counted.
    fn write(&mut self) -> bool {
        self.since = None;
        let spans = self.encoder.spans();
        if spans == 0 {
            return true;
        }
        let mut line = json::request(Signal::Traces, &self.encoder.take(Vec::new()));
        line.push(b'\n');
        let written = self.out.write(&line);
        match &written {
            Ok(()) => self.losses.exported(spans),
            Err(error) => {
                self.losses.note(&error.to_string(), "");
                self.losses.lost(Loss::Unwritten, spans);
                self.losses.say_if_due();
            }
        }
        written.is_ok()
    }
}

impl Out {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write(line),
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(line)?;
                stdout.flush()
            }
        }
    }
}

impl Sink for FileSink {
    fn span(&mut self, span: &SpanView<'_>) {
        self.encoder.span(span);
        self.since.get_or_insert_with(monotonic);
        if self.encoder.byte_len() >= LONGEST_LINE {
            self.write();
        }
    }

    fn pass(&mut self) {
        if self.since.is_some_and(|since| monotonic().saturating_duration_since(since) >= DELAY) {
            self.write();
        }
    }

    fn flush(&mut self, _: Duration) -> bool {
        self.write()
    }
}

impl Drop for FileSink {
    fn drop(&mut self) {
        self.write();
        self.losses.say_rest();
    }
}

impl std::fmt::Debug for FileSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSink").field("target", &self.losses.target()).finish_non_exhaustive()
    }
}
