//! A line for people.

use std::fmt::{self, Write as _};
use std::io::IsTerminal;

use tracing_core::field::{Field, Visit};

use crate::logs::line::{Line, LineFormat, sealed};
use crate::logs::pretty::paint::{self, DIM, Paint, printable};
use crate::logs::pretty::{color, field, request_line};

/// Lines for people, with the time of day in UTC and the request ID at the end:
///
/// ```text
/// 02:05:09.123  INFO shop::orders: placed user_id=7 items=3 req-abc
/// 02:05:09.130  INFO POST /orders 201 12.3ms user_id=7 req-abc
/// ```
///
/// The second is how a request ends. Control characters in what is logged are shown escaped, further lines of a message
/// are indented.
#[derive(Clone, Debug)]
pub struct PrettyFormat {
    paint: Paint,
}

impl PrettyFormat {
    /// With or without colours.
    pub fn new(color: bool) -> Self {
        Self { paint: Paint { color } }
    }

    /// In colour where the standard output shows it: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`;
    /// elsewhere only when `CLICOLOR_FORCE` is set.
    pub fn for_stdout() -> Self {
        let get = |name: &str| std::env::var(name).ok();
        Self::new(color::is_wanted(get, std::io::stdout().is_terminal()))
    }
}

impl sealed::Sealed for PrettyFormat {}

impl LineFormat for PrettyFormat {
    fn write(&self, out: &mut Vec<u8>, line: &Line<'_>) {
        let (paint, level) = (self.paint, *line.metadata.level());
        let mut fields = field::collect(line);
        // The time of day to the millisecond: characters 11 to 23 of the timestamp, which is ASCII.
        paint.write(out, DIM, std::str::from_utf8(&line.timestamp[11..23]).unwrap_or_default());
        out.push(b' ');
        paint.write(out, paint::of_level(level), &format!("{:>5}", level.as_str()));
        out.push(b' ');
        if !request_line::write(out, paint, line, &mut fields) {
            paint.write(out, DIM, &format!("{}:", printable(line.metadata.target())));
            message(out, line);
        }
        for (key, value) in &fields {
            out.push(b' ');
            paint.write(out, DIM, &format!("{key}="));
            out.extend_from_slice(value.as_bytes());
        }
        if let Some(request_id) = crate::context::request_id(line.key) {
            out.push(b' ');
            paint.write(out, DIM, &printable(&request_id.to_string()));
        }
        out.push(b'\n');
    }
}

fn message(out: &mut Vec<u8>, line: &Line<'_>) {
    let mut message = Message(String::new());
    line.event.record(&mut message);
    if !message.0.is_empty() {
        out.push(b' ');
        out.extend_from_slice(printable(&message.0).as_bytes());
    }
}

struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.push_str(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // A `Debug` that fails leaves what it wrote until then.
            let _ = write!(self.0, "{value:?}");
        }
    }
}
