//! The sink that prints waterfalls.

use std::io::{Stderr, Write};
use std::time::Duration;

use crate::clock;
use crate::export::terminal::pending::Pending;
use crate::export::terminal::{Entry, Style, Waterfall};
use crate::span::{Sink, SpanView};

/// How long after its local root the rest of a trace may come.
const GRACE: Duration = Duration::from_millis(250);
/// The bytes of spans that may wait for their roots.
const MEMORY: usize = 8 << 20;

/// Prints each trace as a [`Waterfall`], a grace time after its local root ended or at a flush. What ends later is printed
/// below a line with the same request ID. Spans that wait for their root take 8 MiB at most; then the trace that has
/// waited longest is printed as far as it is. A writer that fails is written to again with the next trace.
///
/// ```
/// use throughline::export::terminal::{Style, TerminalSink};
/// use throughline::Pipeline;
/// use std::time::Duration;
///
/// let sink = TerminalSink::new(std::io::sink(), Style::plain(80)).grace(Duration::from_millis(100));
/// let pipeline = Pipeline::builder().sink(sink).start()?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct TerminalSink<W: Write> {
    out: W,
    /// `None`: what fits stderr at the moment.
    style: Option<Style>,
    pending: Pending,
}

impl TerminalSink<Stderr> {
    /// Prints to stderr, in the style that fits it at that moment: see [`Style::of_stderr`].
    pub fn stderr() -> Self {
        Self { out: std::io::stderr(), style: None, pending: Pending::new(GRACE, MEMORY) }
    }
}

impl<W: Write> TerminalSink<W> {
    /// Prints to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self { out, style: Some(style), pending: Pending::new(GRACE, MEMORY) }
    }

    /// How long after its local root the rest of a trace may come: 250 ms unless told.
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.pending.grace = grace;
        self
    }

    /// The bytes of spans that may wait for their roots: 8 MiB unless told.
    #[must_use]
    pub const fn memory(mut self, bytes: usize) -> Self {
        self.pending.memory = bytes;
        self
    }

    /// Each trace is one write, so that log lines of other threads do not come between its lines.
    fn print(&mut self, waterfalls: impl IntoIterator<Item = Waterfall>) -> bool {
        let mut style = self.style;
        let mut succeeded = true;
        for waterfall in waterfalls {
            let style = style.get_or_insert_with(Style::of_stderr);
            let text = format!("{}\n", waterfall.render(style));
            succeeded &= self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).is_ok();
        }
        succeeded
    }
}

impl<W: Write + Send> Sink for TerminalSink<W> {
    fn span(&mut self, span: &SpanView<'_>) {
        let early = self.pending.add(Entry::from(span), clock::monotonic());
        self.print(early);
    }

    fn pass(&mut self) {
        let due = self.pending.due(clock::monotonic());
        self.print(due);
    }

    fn flush(&mut self, _timeout: Duration) -> bool {
        let finished = self.pending.flush();
        self.print(finished)
    }
}

/// What waits for a span that will not end any more is better shown than lost.
impl<W: Write> Drop for TerminalSink<W> {
    fn drop(&mut self) {
        let all = self.pending.finish();
        self.print(all);
    }
}
