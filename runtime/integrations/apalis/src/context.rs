//! Context in the metadata of tasks.

use std::convert::Infallible;

use apalis_core::task::metadata::{Metadata, MetadataStore};
use throughline::propagation::Config;
use throughline::{Context, jobs};

/// When the task was made, in milliseconds since 1970: storages keep seconds, or nothing.
pub(crate) const ENQUEUED_AT: &str = "throughline-enqueued-at";

/// A context as metadata of a task, under the names that it has in headers: `traceparent`, `tracestate`, `baggage`,
/// `X-Request-ID`. What apalis itself stores of a trace stays beside it. [`EnqueueExt`](crate::EnqueueExt) writes it; this is
/// for tasks that are pushed in another way, as in a stream or a workflow.
///
/// ```
/// use apalis_core::task::builder::TaskBuilder;
/// use throughline::Context;
/// use throughline_apalis::CarriedContext;
///
/// let context = throughline::extract(&[("x-request-id", "req-abc")]);
/// let task = TaskBuilder::new("ada@example.org").metadata(&CarriedContext(context)).build();
/// assert_eq!(task.metadata().get("X-Request-ID"), Some("req-abc"));
///
/// let CarriedContext(context) = task.metadata().extract_as().unwrap();
/// assert_eq!(context.request_id().unwrap(), "req-abc");
/// ```
#[derive(Clone, Debug, Default)]
pub struct CarriedContext(pub Context);

impl CarriedContext {
    /// The one that is current.
    pub fn current() -> Self {
        Self(Context::current())
    }
}

impl Metadata for CarriedContext {
    type Error = Infallible;

    fn extract(store: &MetadataStore) -> Result<Self, Infallible> {
        Ok(Self(throughline::extract(store.as_map())))
    }

    fn inject(&self, store: &mut MetadataStore) -> Result<(), Infallible> {
        Config::current().inject(&self.0, store.as_mut());
        store.insert_if_absent(ENQUEUED_AT, jobs::now().to_string());
        Ok(())
    }
}
