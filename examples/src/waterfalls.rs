//! Waterfalls, on their way from the pipeline's worker to the answer that they belong to.

use std::io::{self, Write};
use std::time::Duration;

use throughline::export::terminal::{Style, TerminalSink};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// How long a trace stays open for what ends after its root.
const GRACE: Duration = Duration::from_millis(50);
/// How long a waterfall is waited for: there is none when nothing is sampled.
const PATIENCE: Duration = Duration::from_secs(2);

/// The waterfalls that were not printed yet.
#[derive(Debug)]
pub struct Waterfalls(UnboundedReceiver<String>);

/// The end that the sink writes to.
#[derive(Debug)]
pub struct Sender(UnboundedSender<String>);

impl Waterfalls {
    /// A sink, and what comes out of it.
    pub fn new() -> (TerminalSink<Sender>, Self) {
        let (sender, receiver) = unbounded_channel();
        // They are printed after the answer.
        let sink = TerminalSink::new(Sender(sender), Style::of_stdout()).grace(GRACE);
        (sink, Self(receiver))
    }

    /// The waterfalls up to that of the request.
    pub async fn of(&mut self, request_id: &str) -> String {
        let mut text = String::new();
        while !text.contains(request_id) {
            match timeout(PATIENCE, self.0.recv()).await {
                Ok(Some(more)) => text.push_str(&more),
                Ok(None) | Err(_) => return text + "No trace was recorded.\n",
            }
        }
        text
    }
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.0.send(text).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
