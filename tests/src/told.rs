//! Writes down what a subscriber of `tracing` is told.

use std::sync::{Arc, Mutex, PoisonError};

use tracing::Subscriber;
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Writes down what a subscriber is told of spans.
#[derive(Clone, Debug, Default)]
pub struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn note<S: Subscriber + for<'a> LookupSpan<'a>>(&self, what: &str, id: &Id, context: &Context<'_, S>) {
        let name = context.span(id).expect("it is there").name();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{what} {name}"));
    }

    /// What it was told since the last time, in order: `PARENT > CHILD` for a new one, `enter NAME` and so on.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Told {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let parent = context.span(id).and_then(|span| Some(span.parent()?.name()));
        self.note(&format!("{} >", parent.unwrap_or_default()), id, &context);
    }

    fn on_record(&self, id: &Id, _: &Record<'_>, context: Context<'_, S>) {
        self.note("record", id, &context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.note("enter", id, &context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.note("exit", id, &context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.note("close", &id, &context);
    }
}
