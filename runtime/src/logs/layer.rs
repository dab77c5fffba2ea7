//! Lines as a layer.

use std::fmt;
use std::io::{self, Stdout, Write};

use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::logs::line::{self, LineFormat};
use crate::logs::{JsonFormat, PrettyFormat, lost, scratch, span_fields};

/// A layer of `tracing-subscriber` that writes every event as a line: [`JsonLayer`] or [`PrettyLayer`].
///
/// A line is one call of the writer, which for the standard output means one under its lock: lines of several threads do
/// not mix. When the writer fails the line is lost, which is counted (see
/// [`lost_lines`](crate::logs::lost_lines)) and said on stderr, at most once a minute; a log never stops its program.
#[derive(Clone)]
pub struct LineLayer<F, W = fn() -> Stdout> {
    format: F,
    writer: W,
}

/// Writes one JSON object a line, to the standard output unless told; see the [module](super).
pub type JsonLayer<W = fn() -> Stdout> = LineLayer<JsonFormat, W>;

/// Writes lines for people, to the standard output unless told; see [`PrettyFormat`].
pub type PrettyLayer<W = fn() -> Stdout> = LineLayer<PrettyFormat, W>;

impl JsonLayer {
    /// JSON lines to the standard output.
    pub fn new() -> Self {
        Self { format: JsonFormat::new(), writer: io::stdout }
    }
}

impl<W> JsonLayer<W> {
    /// The same with this `service` in each line.
    pub fn with_service(self, name: &str) -> Self {
        Self { format: self.format.with_service(name), ..self }
    }
}

impl PrettyLayer {
    /// Lines for people to the standard output, in colour where that is wanted, see [`PrettyFormat::for_stdout`].
    pub fn new() -> Self {
        Self { format: PrettyFormat::for_stdout(), writer: io::stdout }
    }
}

impl<W> PrettyLayer<W> {
    /// The same with or without colours.
    pub fn with_color(self, color: bool) -> Self {
        Self { format: PrettyFormat::new(color), ..self }
    }
}

impl<F, W> LineLayer<F, W> {
    /// The same with another writer, as the `fmt` layer of `tracing-subscriber` takes them.
    ///
    /// ```
    /// use throughline::logs::JsonLayer;
    ///
    /// let to_stderr = JsonLayer::new().with_writer(std::io::stderr);
    /// ```
    pub fn with_writer<N: for<'a> MakeWriter<'a> + 'static>(self, writer: N) -> LineLayer<F, N> {
        LineLayer { format: self.format, writer }
    }
}

impl Default for JsonLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for PrettyLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: fmt::Debug, W> fmt::Debug for LineLayer<F, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineLayer").field("format", &self.format).finish_non_exhaustive()
    }
}

impl<S, F, W> Layer<S> for LineLayer<F, W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: LineFormat,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        span_fields::keep(attributes, id, &context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        span_fields::keep_more(values, id, &context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        scratch::with(|scratch| {
            span_fields::collect(event, &context, &mut scratch.spans);
            let parent = event.parent().and_then(|id| context.span(id));
            line::now(event, parent, &scratch.spans, |line| {
                self.format.write(&mut scratch.line, line);
                let written = self.writer.make_writer_for(line.metadata).write_all(&scratch.line);
                if let Err(error) = written {
                    lost::lost(&error);
                }
            });
        });
    }
}
