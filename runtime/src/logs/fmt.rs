//! Lines as an event format of the `fmt` layer of `tracing-subscriber`.

use std::fmt;

use tracing_core::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::logs::line::{self, LineFormat};
use crate::logs::{JsonFormat, PrettyFormat, scratch, span_fields};

macro_rules! format_event {
    ($($format:ty),+) => {$(
        impl<S, N> FormatEvent<S, N> for $format
        where
            S: Subscriber + for<'a> LookupSpan<'a>,
            N: for<'a> FormatFields<'a> + 'static,
        {
            fn format_event(
                &self,
                context: &FmtContext<'_, S, N>,
                writer: Writer<'_>,
                event: &Event<'_>,
            ) -> fmt::Result {
                format_event(self, context, writer, event)
            }
        }
    )+};
}

format_event!(JsonFormat, PrettyFormat);

fn format_event<S, N>(
    format: &impl LineFormat,
    context: &FmtContext<'_, S, N>,
    mut writer: Writer<'_>,
    event: &Event<'_>,
) -> fmt::Result
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    scratch::with(|scratch| {
        span_fields::collect_formatted(context.event_scope(), &mut scratch.spans);
        let parent = event.parent().and_then(|id| context.span(id));
        line::now(event, parent, &scratch.spans, |line| format.write(&mut scratch.line, line));
        writer.write_str(std::str::from_utf8(&scratch.line).map_err(|_| fmt::Error)?)
    })
}
