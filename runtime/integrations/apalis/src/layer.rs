//! The layer of workers.

use std::any::type_name;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use apalis_core::task::status::Status;
use apalis_core::worker::context::WorkerContext;
use pin_project_lite::pin_project;
use throughline::jobs::{Delivery, Running};
use throughline::semconv;
use throughline::span::{Callsite, Kind, ValueView, current};
use tower_layer::Layer;
use tower_service::Service;

use crate::context::ENQUEUED_AT;
use crate::outcome::{Ended, Ending};

static PROCESS: Callsite = Callsite::new("process", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Consumer)
    .with_constants(&[
        (semconv::MESSAGING_SYSTEM, ValueView::Str("apalis")),
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("process")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("process")),
    ]);

/// Gives every run of a task a span, in the trace and the request of who enqueued it: for
/// [`WorkerBuilder::layer`](apalis_core::worker::builder::WorkerBuilder::layer).
///
/// A layer that is added to the worker before this one is around it. Around it belongs `retry`: then each try is a span of
/// its own. What is added after this one is inside of the span: a `timeout` there fails it, one around it cancels it.
///
/// ```
/// use apalis_core::backend::memory::MemoryStorage;
/// use apalis_core::worker::builder::WorkerBuilder;
/// use throughline_apalis::JobLayer;
///
/// async fn send(address: String) {}
///
/// let worker = WorkerBuilder::new("mailer")
///     .backend(MemoryStorage::<String>::new())
///     .layer(JobLayer::new().queue("emails"))
///     .build(send);
/// ```
#[derive(Clone, Debug, Default)]
pub struct JobLayer {
    queue: Option<Arc<str>>,
}

/// The service that [`JobLayer`] makes.
#[derive(Clone, Debug)]
pub struct JobService<S> {
    inner: S,
    queue: Option<Arc<str>>,
}

impl JobLayer {
    /// The layer.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the queue, where storages do not tell it, such as Redis. Without it, it is what storages call a queue
    /// that has no name: the type of its tasks.
    #[must_use]
    pub fn queue(mut self, queue: &str) -> Self {
        self.queue = Some(queue.into());
        self
    }
}

impl<S> Layer<S> for JobLayer {
    type Service = JobService<S>;

    fn layer(&self, inner: S) -> JobService<S> {
        JobService { inner, queue: self.queue.clone() }
    }
}

impl<S> JobService<S> {
    fn delivery<Args>(&self, task: &Task<Args>) -> Delivery {
        let told = task.queue().map(AsRef::as_ref);
        let queue = self.queue.as_deref().or(told).unwrap_or(type_name::<Args>());
        let mut delivery = Delivery::extract(queue, task.metadata().as_map()).at(&PROCESS);
        delivery = match u32::try_from(task.attempt()) {
            // apalis counts a run when it begins, which is after this. A task that runs already is one whose worker was
            // lost, and that is here again as it was.
            Ok(before) if task.status() != Status::Running => delivery.attempt(before.saturating_add(1)),
            _ => delivery.redelivered(),
        };
        if let Some(millis) = task.metadata().get(ENQUEUED_AT).and_then(|millis| millis.parse().ok()) {
            delivery = delivery.enqueued_at(millis);
        }
        match task.run_at() {
            Some(seconds) => delivery.scheduled_at(seconds.saturating_mul(1000)),
            None => delivery,
        }
    }
}

/// What the span says of the task, beside its delivery.
fn note<Args>(task: &Task<Args>) {
    if current::is_recording() {
        current::set(semconv::MESSAGING_MESSAGE_ID, task.task_id().map(ToString::to_string));
        current::set(semconv::MESSAGING_CLIENT_ID, task.data().get().map(WorkerContext::name));
    }
}

impl<S, Args> Service<Task<Args>> for JobService<S>
where
    S: Service<Task<Args>>,
    S::Error: Into<BoxDynError>,
{
    type Response = S::Response;
    type Error = BoxDynError;
    type Future = JobFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, task: Task<Args>) -> JobFuture<S::Future> {
        let delivery = self.delivery(&task);
        let running = delivery.run(|| {
            note(&task);
            Ending::new(self.inner.call(task))
        });
        JobFuture { running }
    }
}

pin_project! {
    /// The future of [`JobService`].
    #[derive(Debug)]
    pub struct JobFuture<F> {
        #[pin]
        running: Running<Ending<F>>,
    }
}

impl<F, R, E> Future for JobFuture<F>
where
    F: Future<Output = Result<R, E>>,
    E: Into<BoxDynError>,
{
    type Output = Result<R, BoxDynError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().running.poll(context).map(|Ended(result)| result)
    }
}
