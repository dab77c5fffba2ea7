//! What is kept in a span of `tracing`.

use tracing_core::Metadata;
use tracing_core::span::Attributes;

use crate::Context;
use crate::context::current;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::logs::field_values::FieldValues;
use crate::logs::spans::callsites;
use crate::logs::spans::special::{Special, Status};
use crate::semconv;
use crate::span::{Outcome, Parent, Span};

/// The kind of an error that nothing is known of, as
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/) has it.
const OTHER: &str = "_OTHER";

/// Our span for a span of `tracing`, and the context of what runs inside.
#[derive(Debug)]
pub(super) struct Bridged {
    /// Ends with the span of `tracing`. `None` where that only carries a context.
    span: Option<Span>,
    /// Of what runs inside. It gets the slot that was made there.
    context: OwnedKey,
    /// The fingerprint of what was current where it was made: futures that were made there as well belong inside.
    created_under: u64,
    metadata: &'static Metadata<'static>,
    status: Option<Status>,
    error_type: Option<String>,
}

impl Bridged {
    /// Begins our span. `given` is the context of the parent, if that is given. `None` where there is nothing to carry.
    pub(super) fn begin(attributes: &Attributes<'_>, given: Option<Key>) -> Option<Self> {
        let metadata = attributes.metadata();
        let mut fields = FieldValues::default();
        attributes.record(&mut fields);
        let (special, values) = Special::take(&fields);
        let callsite = callsites::of(metadata, special.kind.unwrap_or_default());
        let outside = current::get();
        let around = Context::from_owned(OwnedKey::retain(given.unwrap_or(outside)));
        let parent = if attributes.is_root() { Parent::Root } else { Parent::Of(&around) };
        let span = callsite
            .filter(|_| !is_told_already(metadata, &around.key()))
            .map(|callsite| Span::with_parent(callsite, parent));
        let context = span.as_ref().map_or(around, Span::context).into_owned();
        let key = context.key();
        if key.is_empty() && key.meta.pipeline() == 0 {
            return None;
        }
        let created_under = outside.fingerprint();
        let mut bridged = Self { span, context, created_under, metadata, status: None, error_type: None };
        bridged.say(&special);
        if let Some(span) = bridged.recorded() {
            span.set_all(&values);
        }
        Some(bridged)
    }

    /// What stands for a span of ours carries its context.
    pub(super) fn of_mirrored(metadata: &'static Metadata<'static>, key: Key) -> Self {
        let (context, created_under) = (OwnedKey::retain(key), key.fingerprint());
        Self { span: None, context, created_under, metadata, status: None, error_type: None }
    }

    /// The key of what runs inside.
    pub(super) fn key(&self) -> Key {
        self.context.key()
    }

    pub(super) fn created_under(&self) -> u64 {
        self.created_under
    }

    /// Sets attributes that came later.
    pub(super) fn record(&mut self, fields: &FieldValues) {
        let (special, values) = Special::take(fields);
        if let (Some(kind), Some(span)) = (special.kind, &mut self.span)
            && let Some(callsite) = callsites::of(self.metadata, kind)
        {
            span.become_one_of(callsite);
        }
        self.say(&special);
        if let Some(span) = self.recorded() {
            span.set_all(&values);
        }
    }

    /// The span has to do with another one.
    pub(super) fn follows(&self, other: Key) {
        if let Some(span) = self.recorded() {
            span.link(&Context::from_owned(OwnedKey::retain(other)));
        }
    }

    /// An event of the level ERROR is the only sign that a span of `tracing` failed, unless it says how it ended.
    pub(super) fn failed_by_event(&mut self, message: &str) {
        if self.status.is_none() {
            self.fail(message);
        }
    }

    /// Goes on with the slot that was made inside of it. `false` when it has one.
    pub(super) fn adopt(&mut self, inside: Key) -> bool {
        let own = self.key();
        let is_missing = inside.meta.has_slot() && !own.meta.has_slot();
        let is_own = (inside.trace, inside.span) == (own.trace, own.span);
        if is_missing && is_own {
            let meta = own.meta.with_slot(inside.meta.slot(), inside.meta.generation());
            self.context.change(Key { meta, ..own });
        }
        is_missing && is_own
    }

    fn say(&mut self, special: &Special<'_>) {
        if let (Some(name), Some(span)) = (special.name, self.recorded()) {
            span.rename(name);
        }
        if let Some(error_type) = special.error_type {
            self.error_type = Some(error_type.to_owned());
        }
        match (special.status, special.description) {
            (Some(Status::Ok), _) => {
                self.status = Some(Status::Ok);
                if let Some(span) = self.recorded() {
                    span.set_outcome(Outcome::Ok);
                }
            }
            // Why it failed is known.
            (Some(Status::Error), None) if self.status == Some(Status::Error) => {}
            (Some(Status::Error), description) => self.fail(description.unwrap_or_default()),
            // Only errors have a description; a status that was said to be fine stays.
            (None, Some(description)) if self.status != Some(Status::Ok) => self.fail(description),
            (None, _) => {}
        }
    }

    fn fail(&mut self, message: &str) {
        self.status = Some(Status::Error);
        if let Some(span) = self.recorded() {
            span.fail(self.error_type.as_deref().unwrap_or(OTHER), message);
        }
    }

    fn recorded(&self) -> Option<&Span> {
        self.span.as_ref().filter(|span| span.is_recording())
    }
}

/// Whether a span says of a call of a model what a span of ours around it says: clients of models make spans of their own.
fn is_told_already(metadata: &Metadata<'_>, outside: &Key) -> bool {
    metadata.fields().field(semconv::GEN_AI_OPERATION_NAME).is_some()
        && (outside.meta.has(Meta::MODEL_CALL) || is_recorded_as_call(outside))
}

/// Whether something of a response is recorded in a span that no annotation calls a model call.
#[cfg(feature = "llm")]
fn is_recorded_as_call(span: &Key) -> bool {
    crate::llm::is_call(span)
}

#[cfg(not(feature = "llm"))]
fn is_recorded_as_call(_: &Key) -> bool {
    false
}
