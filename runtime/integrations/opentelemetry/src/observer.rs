//! Follows OpenTelemetry's current context: while one with another span is attached, that span is ours too.

use std::any::Any;
use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use opentelemetry::Context as OtelContext;
use opentelemetry::context::{ContextObserver, GlobalContextObserver, ObserverContextView};
use opentelemetry::trace::TraceContextExt as _;
use throughline::Context;

use crate::convert::{anchor, carried, from_otel};
use crate::live;

/// Told of each context that is attached and detached.
struct Observer;

/// What a context has with it from when it was made: an address of its own, by which it is known again.
struct View {
    /// The span of ours in it. It is looked up where the context is made: elsewhere its IDs may say less, as on a thread
    /// that a test started.
    ours: Option<Context>,
}

/// One context that was attached on this thread.
struct Entered {
    /// The one that it replaced.
    before: usize,
    /// Ours, where it is another one.
    _attached: Option<throughline::Attached>,
}

thread_local! {
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

/// Whether the observer is ours; another one that was there first stays.
pub(crate) fn is_following() -> bool {
    static IS_OURS: LazyLock<bool> = LazyLock::new(|| {
        GlobalContextObserver::set(Arc::new(Observer));
        let probe = OtelContext::new().with_value(());
        probe.observer_view().as_ref().is_some_and(|view| view.as_any().is::<View>())
    });
    *IS_OURS
}

impl ContextObserver for Observer {
    fn on_context_enter(&self, from: &OtelContext, to: &OtelContext) {
        let _attached = context_of_change(from, to).map(|context| context.attach());
        let entered = Entered { before: identity(from), _attached };
        let _ = ENTERED.try_with(|all| all.try_borrow_mut().map(|mut all| all.push(entered)));
    }

    /// Contexts may be detached in another order than they were attached: then only the last of several tells it. Those
    /// above the one that is current again have all ended.
    fn on_context_exit(&self, _: &OtelContext, to: &OtelContext) {
        let to = identity(to);
        let left = ENTERED.try_with(|all| {
            let Ok(mut all) = all.try_borrow_mut() else { return Vec::new() };
            let at = all.iter().rposition(|entered| entered.before == to);
            at.map_or_else(Vec::new, |at| all.split_off(at))
        });
        // The last one first, as they were attached one upon the other.
        left.unwrap_or_default().into_iter().rev().for_each(drop);
    }

    fn make_view(&self, context: &OtelContext) -> Option<Arc<dyn ObserverContextView>> {
        // What carries a context of ours needs none to be found.
        let find = || live::find(context.span().span_context());
        let ours = if carried(context).is_some() { None } else { find() };
        Some(Arc::new(View { ours }))
    }
}

impl ObserverContextView for View {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The context of the span in `otel`, where it is one of ours.
pub(crate) fn ours(otel: &OtelContext) -> Option<Context> {
    match otel.observer_view().as_ref().and_then(|view| view.as_any().downcast_ref::<View>()) {
        Some(view) => view.ours.clone(),
        None => live::find(otel.span().span_context()),
    }
}

/// Where the view of a context stands; 0 for the one at the bottom, which has none.
fn identity(context: &OtelContext) -> usize {
    context.observer_view().as_ref().map_or(0, |view| Arc::as_ptr(view).cast::<()>() as usize)
}

/// What is current in `to`, where that differs from what is current in `from` by more than values of others.
fn context_of_change(from: &OtelContext, to: &OtelContext) -> Option<Context> {
    let (span, before) = (to.span(), from.span());
    let (span, before) = (span.span_context(), before.span_context());
    let other_span = span.is_valid() && span != before;
    let other_anchor = anchor(to) != anchor(from);
    let suppressed = to.is_telemetry_suppressed() && !from.is_telemetry_suppressed();
    if other_span || suppressed {
        return Some(from_otel(to));
    }
    if !other_anchor {
        return None;
    }
    // Under the same span as before there may be one of ours, which stays.
    let context = from_otel(to);
    if span.is_valid() && span == before {
        let baggage = context.to_parts().baggage;
        return Some(Context::current().with_parts(|parts| parts.baggage = baggage));
    }
    Some(context)
}
