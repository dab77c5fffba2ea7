//! A function that works on a message.

use crate::__private::{GivenParent, Value};
use crate::Context;
use crate::collect;
use crate::context::current;
use crate::jobs::Message;
use crate::propagation::Config;
use crate::span::{Callsite, orphans, registry};

/// What the span of a function opens under that works on this message.
pub fn delivered<M: Message + ?Sized>(callsite: &'static Callsite, message: &M) -> GivenParent {
    orphans::request_begins();
    let mut parts = message.delivery().begin();
    if !will_open(callsite) {
        // There will be no trace from which a request ID could follow.
        parts.request_id.get_or_insert_with(|| Config::current().request_ids.generator.generate());
    }
    GivenParent::Of(Context::from(parts))
}

/// Whether a span of the callsite can begin on this thread.
fn will_open(callsite: &'static Callsite) -> bool {
    let has_pipeline = current::get().meta.pipeline() != 0 || collect::installed() != 0;
    has_pipeline && registry::number(callsite).is_some()
}

/// Says on the current span, with which work on this message begins, how it was delivered.
pub fn note_delivery<M: Message + ?Sized>(message: &M, destination: Value<'_>, is_named: bool) {
    let destination = if let Value::Str(text) = destination { Some(text) } else { None };
    message.delivery().note(destination, is_named);
}
