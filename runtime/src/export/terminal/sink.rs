//! The sink that prints waterfalls.

use std::io::{Stderr, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock;
use crate::export::terminal::pace::Pace;
use crate::export::terminal::pending::Pending;
use crate::export::terminal::{Entry, Style, Waterfall};
use crate::span::{Sink, SpanView};
use crate::stats::Counters;

/// How long after its local root the rest of a trace may come.
const GRACE: Duration = Duration::from_millis(250);
/// The bytes of spans that may wait for their roots.
const MEMORY: usize = 8 << 20;
/// The traces that are printed within a second.
const PER_SECOND: usize = 100;

/// Prints each trace as a [`Waterfall`], a grace time after its local root ended or at a flush. What ends later is printed
/// below a line with the same request ID. Spans that wait for their root take 8 MiB at most; then the trace that has
/// waited longest is printed as far as it is. Of more than 100 traces a second, those that failed are printed rather than
/// others, and the others are counted. A writer that fails is written to again with the next trace. How many traces were not
/// shown is in the [`Counters`] too.
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
    pace: Pace,
    counters: Arc<Counters>,
}

impl TerminalSink<Stderr> {
    /// Prints to stderr, in the style that fits it at that moment: see [`Style::of_stderr`].
    pub fn stderr() -> Self {
        Self::with(std::io::stderr(), None)
    }
}

impl<W: Write> TerminalSink<W> {
    /// Prints to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self::with(out, Some(style))
    }

    fn with(out: W, style: Option<Style>) -> Self {
        let counters = Arc::default();
        Self { out, style, pending: Pending::new(GRACE, MEMORY), pace: Pace::new(PER_SECOND), counters }
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

    /// How many traces are printed within a second: 100 unless told.
    #[must_use]
    pub const fn per_second(mut self, traces: usize) -> Self {
        self.pace.most = traces;
        self
    }

    /// Counts what is not shown in these counters, which are those of the pipeline.
    #[must_use]
    pub fn counters(mut self, counters: Arc<Counters>) -> Self {
        self.counters = counters;
        self
    }

    fn print(&mut self, waterfalls: Vec<Waterfall>, now: Instant) -> bool {
        if waterfalls.is_empty() {
            return true;
        }
        let style = self.style();
        let finished = waterfalls.len();
        let chosen = self.pace.choose(waterfalls, now);
        let chosen_count = chosen.len();
        // Each trace is one write, so that log lines of other threads do not come between its lines.
        let render = |waterfall: &Waterfall| format!("{}\n", waterfall.render(&style));
        let shown = chosen.iter().filter(|waterfall| self.write(&render(waterfall))).count();
        self.counters.dropped_waterfalls.add((finished - shown) as u64);
        shown == chosen_count
    }

    /// Says how many traces were left out: when their second is over, or at once.
    fn report(&mut self, now: Option<Instant>) -> bool {
        let Some(said) = self.pace.report(now) else { return true };
        let line = format!("{} {said}\n", self.style().ellipsis());
        self.write(&line)
    }

    /// The terminal's width may have changed since the last trace.
    fn style(&self) -> Style {
        self.style.unwrap_or_else(Style::of_stderr)
    }

    fn write(&mut self, text: &str) -> bool {
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).is_ok()
    }
}

impl<W: Write + Send> Sink for TerminalSink<W> {
    fn span(&mut self, span: &SpanView<'_>) {
        let now = clock::monotonic();
        if let Some(early) = self.pending.add(Entry::from(span), now) {
            self.print(vec![early], now);
        }
    }

    fn pass(&mut self) {
        let now = clock::monotonic();
        let due = self.pending.due(now);
        self.report(Some(now));
        self.print(due, now);
    }

    fn flush(&mut self, _timeout: Duration) -> bool {
        let finished = self.pending.flush();
        self.print(finished, clock::monotonic()) & self.report(None)
    }
}

/// What waits for a span that will not end any more is better shown than lost.
impl<W: Write> Drop for TerminalSink<W> {
    fn drop(&mut self) {
        let all = self.pending.finish();
        self.print(all, clock::monotonic());
        self.report(None);
    }
}
