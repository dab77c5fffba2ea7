//! Catches log lines.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use throughline::{Attached, Context, ContextParts};
use tracing_subscriber::fmt::MakeWriter;

/// What was written, one entry for each call of the writer.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Makes a request current that came from outside with a trace.
pub(crate) fn request() -> Attached {
    Context::from(ContextParts {
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
        span_id: "00f067aa0ba902b7".parse().ok(),
        request_id: "req-abc".parse().ok(),
        ..ContextParts::default()
    })
    .attach()
}
