//! The context as a comment in a statement.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};
use throughline::propagation::TraceParent;
use throughline::{Context, ContextParts};

/// What is written as it is: letters, digits and these. A quote, a slash or an asterisk never is, so that no value can end
/// the text or the comment that it stands in.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `sql` with the context behind it, as [SQLCommenter](https://google.github.io/sqlcommenter/spec/) writes it:
/// `/*request_id='..',traceparent='..',tracestate='..'*/`. `None` where there is none to write.
pub(crate) fn with_context(sql: &str, context: &Context) -> Option<SqlStr> {
    let parts = context.to_parts();
    let pairs = pairs(&parts);
    if pairs.is_empty() {
        return None;
    }
    // On a line of its own, because a comment may go to the end of the last one.
    let mut text = format!("{sql}\n/*");
    for (at, (key, value)) in pairs.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{key}='{}'", utf8_percent_encode(value, ENCODED));
    }
    text.push_str("*/");
    // What was added holds letters, digits and percent signs between quotes.
    Some(AssertSqlSafe(text).into_sql_str())
}

/// In the order of their keys, as SQLCommenter wants them.
fn pairs(parts: &ContextParts) -> Vec<(&'static str, String)> {
    let trace = parts.trace_id.zip(parts.span_id);
    let parent = trace.map(|(trace_id, span_id)| {
        let header = TraceParent { trace_id, span_id, flags: parts.flags }.to_bytes();
        String::from_utf8_lossy(&header).into_owned()
    });
    let state = parent.as_ref().and(parts.trace_state.as_deref()).map(str::to_owned);
    let request_id = parts.request_id.as_ref().map(ToString::to_string);
    [("request_id", request_id), ("traceparent", parent), ("tracestate", state)]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}
