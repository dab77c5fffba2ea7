//! The layer.

use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::context::current;
use crate::context::key::Key;
use crate::logs::field_values::FieldValues;
use crate::logs::spans::bridged::Bridged;
use crate::logs::spans::{entered, key_of};
use crate::logs::{is_said_by_a_span, mirror};

/// Makes a span of Throughline of every span of `tracing`: those of libraries join the trace, with the parents that they
/// have, above and below annotated functions.
///
/// The span begins and ends with that of `tracing`; while that is entered, it is current, on every thread. Its fields are
/// attributes, also those that are recorded later, and `follows_from` is a link. As in `tracing-opentelemetry`,
/// `otel.name`, `otel.kind`, `otel.status_code` and `otel.status_description` say something of the span itself, and an
/// event of the level ERROR in it makes it a failed one, unless it says how it ended; so does a description alone, which only
/// errors have.
///
/// Which of them are recorded, `THROUGHLINE_FILTER` decides as for our own, see [`Filter`](crate::logs::Filter); what
/// the subscriber disables does not arrive here at all. A span that is not recorded carries its context all the same:
/// `tokio::spawn(work.instrument(span))` keeps the request ID. What a client of a language model says of a call in a span
/// of its own, in whatever is called inside of an `#[llm_span]`, is not recorded twice.
///
/// [`throughline::init`](crate::init()) adds it. A program with a subscriber of its own does that itself:
///
/// ```
/// use throughline::logs::{SpanEvents, TracingSpans};
/// use throughline::testing::capture;
/// use tracing_subscriber::prelude::*;
///
/// let subscriber = tracing_subscriber::registry().with(TracingSpans::new()).with(SpanEvents::new());
/// let trace = capture(|| {
///     tracing::subscriber::with_default(subscriber, || {
///         let _request = throughline::span!("request").entered();
///         tracing::info_span!("query", rows = 3).in_scope(|| throughline::span!("decode").end());
///     });
/// });
/// trace.assert_tree(
///     "
///     request
///       query
///         decode
///     ",
/// );
/// assert_eq!(trace.span("query").attribute("rows").unwrap(), 3);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TracingSpans;

impl TracingSpans {
    /// The layer.
    pub fn new() -> Self {
        Self
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TracingSpans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if context_of(id, &context).is_some() {
            // Another layer of this kind was here before.
            return;
        }
        if let Some(key) = mirror::mirrored() {
            // It stands for a span of ours. Others may enter it elsewhere, and then are in ours.
            if let Some(span) = context.span(id) {
                span.extensions_mut().replace(Bridged::of_mirrored(attributes.metadata(), key));
            }
            return;
        }
        let given = attributes.parent().and_then(|parent| context_of(parent, &context));
        if let Some(bridged) = Bridged::begin(attributes, given)
            && let Some(span) = context.span(id)
        {
            span.extensions_mut().replace(bridged);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if mirror::is_at_work() {
            return;
        }
        // The program's code first, then the lock.
        let mut fields = FieldValues::default();
        values.record(&mut fields);
        with(id, &context, |bridged| bridged.record(&fields));
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        if let Some(other) = context_of(follows, &context) {
            with(id, &context, |bridged| bridged.follows(other));
        }
    }

    /// What is said in a span of ours, inside of this one, is not said in this one.
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR || is_said_by_a_span(event.metadata()) {
            return;
        }
        let Some(span) = context.event_span(event) else { return };
        if event.is_contextual() && key_of(&span).is_none_or(|key| key.span != current::get().span) {
            return;
        }
        let mut fields = FieldValues::default();
        event.record(&mut fields);
        if let Some(bridged) = span.extensions_mut().get_mut::<Bridged>() {
            bridged.failed_by_event(fields.error().unwrap_or_default());
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if mirror::is_at_work() {
            return;
        }
        let entered = with(id, &context, |bridged| (bridged.key(), bridged.created_under()));
        if let Some((key, created_under)) = entered {
            entered::enter(id.into_u64(), key, created_under);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if mirror::is_at_work() {
            return;
        }
        let Some((inside, own)) = entered::exit(id.into_u64(), context_of(id, &context)) else { return };
        let has_slot = inside.meta.has_slot();
        if has_slot && with(id, &context, |bridged| bridged.adopt(inside)) == Some(true) {
            current::share_slot(inside);
        } else {
            current::settle(inside, own);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let ended = context.span(&id).and_then(|span| span.extensions_mut().remove::<Bridged>());
        // Here, where nothing is locked.
        drop(ended);
    }
}

fn context_of<S>(id: &Id, context: &Context<'_, S>) -> Option<Key>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context.span(id).and_then(|span| key_of(&span))
}

fn with<S, R>(id: &Id, context: &Context<'_, S>, change: impl FnOnce(&mut Bridged) -> R) -> Option<R>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    context.span(id)?.extensions_mut().get_mut::<Bridged>().map(change)
}
