//! The line at the end of a request.

use anstyle::Style;

use crate::logs::REQUEST_TARGET;
use crate::logs::line::Line;
use crate::logs::pretty::paint::{BOLD, GREEN, Paint, RED, YELLOW};

/// Takes what describes a request out of `fields` and writes it in place of the message: `POST /ask 200 12.3ms`.
/// `false` when the line is another.
pub(super) fn write(
    out: &mut Vec<u8>,
    paint: Paint,
    line: &Line<'_>,
    fields: &mut Vec<(String, String)>,
) -> bool {
    if line.metadata.target() != REQUEST_TARGET || !fields.iter().any(|(key, _)| key == "method") {
        return false;
    }
    let mut take = |wanted: &str| {
        let index = fields.iter().position(|(key, _)| key == wanted)?;
        Some(fields.remove(index).1)
    };
    let duration = take("duration_ms").map(|millis| duration(&millis));
    let status = take("status");
    let style = of_status(status.as_deref());
    let parts = [(take("method"), BOLD), (take("route"), BOLD), (status, style), (duration, Style::new())];
    let parts = parts.iter().filter_map(|(text, style)| Some((text.as_deref()?, *style)));
    for (index, (text, style)) in parts.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        paint.write(out, style, text);
    }
    true
}

/// No status at all means that there was no response.
fn of_status(status: Option<&str>) -> Style {
    match status.and_then(|status| status.bytes().next()) {
        Some(b'1'..=b'3') => GREEN,
        Some(b'4') => YELLOW,
        _ => RED,
    }
}

/// Milliseconds, to a tenth.
fn duration(millis: &str) -> String {
    millis.parse::<f64>().map_or_else(|_| millis.to_owned(), |millis| format!("{millis:.1}ms"))
}
