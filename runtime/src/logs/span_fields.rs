//! The fields of enclosing spans of `tracing`.
//!
//! They are written once, when a span is made, as `,"key":value` with a line end behind each: what is in a line of the
//! log is then copied. A value in JSON holds no line end itself.

use std::fmt;

use tracing_core::field::Visit;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::{FormatFields, Writer};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{Extensions, LookupSpan, Scope};

use crate::logs::json::{self, Fields};
use crate::logs::line::Line;
use crate::logs::{mirror, scratch};

/// Keeps the fields of spans for lines in the format of this module, for those who use the `fmt` layer of
/// `tracing-subscriber`; see [`JsonFormat`](super::JsonFormat).
#[derive(Clone, Copy, Debug, Default)]
pub struct SpanFields;

/// What a layer keeps in a span.
struct Kept(String);

impl<'writer> FormatFields<'writer> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        write(|visit| fields.record(visit), |text| writer.write_str(text))
    }

    fn add_fields(&self, current: &'writer mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        write(|visit| fields.record(visit), |text| renew(&mut current.fields, text));
        Ok(())
    }
}

/// Keeps the fields of a new span.
pub(super) fn keep<S>(attributes: &Attributes<'_>, id: &Id, context: &Context<'_, S>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    add(id, context, |visit| attributes.record(visit));
}

/// Keeps fields that are recorded later.
pub(super) fn keep_more<S>(record: &Record<'_>, id: &Id, context: &Context<'_, S>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    add(id, context, |visit| record.record(visit));
}

fn add<S>(id: &Id, context: &Context<'_, S>, record: impl FnOnce(&mut dyn Visit))
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let Some(span) = context.span(id) else { return };
    write(record, |text| {
        if text.is_empty() {
            return;
        }
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<Kept>() {
            Some(kept) => renew(&mut kept.0, text),
            None => extensions.insert(Kept(text.to_owned())),
        }
    });
}

/// Adds fields in the place of those with their keys: however often a span that lives long is told something new, it keeps
/// one value a key.
fn renew(fields: &mut String, newer: &str) {
    let is_kept = |field: &&str| !contains(newer, key(field));
    if !fields.lines().all(|field| is_kept(&field)) {
        *fields = fields.split_inclusive('\n').filter(is_kept).collect();
    }
    fields.push_str(newer);
}

/// What stands for a span of ours says nothing that a line does not say already.
fn write<R>(record: impl FnOnce(&mut dyn Visit), finish: impl FnOnce(&str) -> R) -> R {
    scratch::with(|scratch| {
        let is_mirrored = mirror::is_at_work();
        record(&mut Fields::new(&mut scratch.line, "\n", |_| is_mirrored));
        finish(std::str::from_utf8(&scratch.line).unwrap_or_default())
    })
}

/// Collects what a layer kept in the spans around an event, outermost first.
pub(super) fn collect<S>(event: &Event<'_>, context: &Context<'_, S>, into: &mut String)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    collect_from(
        context.event_scope(event),
        |extensions, into| {
            if let Some(kept) = extensions.get::<Kept>() {
                into.push_str(&kept.0);
            }
        },
        into,
    );
}

/// Collects what the `fmt` layer kept in spans, if it keeps them in our form.
pub(super) fn collect_formatted<'a, S: for<'b> LookupSpan<'b>>(
    scope: Option<Scope<'a, S>>,
    into: &mut String,
) {
    collect_from(
        scope,
        |extensions, into| {
            if let Some(kept) = extensions.get::<FormattedFields<SpanFields>>() {
                into.push_str(&kept.fields);
            }
        },
        into,
    );
}

fn collect_from<'a, S: for<'b> LookupSpan<'b>>(
    scope: Option<Scope<'a, S>>,
    take: impl Fn(&Extensions<'_>, &mut String),
    into: &mut String,
) {
    for span in scope.into_iter().flat_map(Scope::from_root) {
        take(&span.extensions(), into);
    }
}

/// The fields of enclosing spans that a line shows, with their keys: those that neither an inner span nor the event
/// sets anew.
pub(super) fn effective<'a>(line: &'a Line<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut rest = line.spans;
    std::iter::from_fn(move || {
        loop {
            let (field, later) = rest.split_once('\n')?;
            rest = later;
            let key = key(field);
            if !contains(later, key) && !json::has_field(line.event, key) {
                return Some((key, field));
            }
        }
    })
}

/// Whether the fields collected in `spans` have one with this key.
pub(super) fn contains(spans: &str, wanted: &str) -> bool {
    spans.lines().any(|field| key(field) == wanted)
}

/// The key in `,"key":value`.
pub(super) fn key(field: &str) -> &str {
    let inside = field.get(2..).unwrap_or_default();
    let mut escaped = false;
    let end = inside.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    &inside[..end.unwrap_or(0)]
}
