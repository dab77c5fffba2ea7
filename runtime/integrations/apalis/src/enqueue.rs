//! Tasks on their way into a storage.

use std::any::type_name;
use std::fmt::Display;

use apalis_core::backend::{TaskSink, TaskSinkError};
use apalis_core::task::Task;
use throughline::jobs;
use throughline::span::{Callsite, Kind, ValueView, current};
use throughline::{FutureExt as _, semconv};

use crate::CarriedContext;

static ENQUEUE: Callsite = Callsite::new("enqueue", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Producer)
    .with_constants(&[
        (semconv::MESSAGING_SYSTEM, ValueView::Str("apalis")),
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("enqueue")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("send")),
    ]);

/// Pushing tasks with their context, in a span of kind producer: for every storage of apalis.
pub trait EnqueueExt<Args, Kind>: TaskSink<Args, Kind> {
    /// [`push`](TaskSink::push) with the context. `queue` is for the span, and should be that of the storage.
    ///
    /// # Errors
    ///
    /// As `push`; an error fails the span.
    fn enqueue(
        &mut self,
        queue: &str,
        args: Args,
    ) -> impl Future<Output = Result<(), TaskSinkError<Self::Error>>> + Send
    where
        Self: Send,
        Self::Error: Display,
        Args: Send,
    {
        self.enqueue_task(queue, Task::new(args))
    }

    /// [`push_task`](TaskSink::push_task) with the context. What is in the task's metadata already wins; the span is linked
    /// to a trace there.
    ///
    /// # Errors
    ///
    /// As `push_task`; an error fails the span.
    fn enqueue_task(
        &mut self,
        queue: &str,
        mut task: Task<Args>,
    ) -> impl Future<Output = Result<(), TaskSinkError<Self::Error>>> + Send
    where
        Self: Send,
        Self::Error: Display,
        Args: Send,
    {
        let span = jobs::enqueue_at(&ENQUEUE, queue);
        jobs::link_sender(&span, task.metadata().as_map());
        let Ok(()) = task.inject_metadata(&CarriedContext(span.context()));
        if span.is_recording() {
            span.set(semconv::MESSAGING_MESSAGE_ID, task.task_id().map(ToString::to_string));
        }
        let pushed = self.push_task(task);
        // A span that is not recorded leaves the one around it current.
        let is_recorded = span.is_recording();
        let work = async move {
            let result = pushed.await;
            if is_recorded && let Err(error) = &result {
                current::fail(type_name::<TaskSinkError<Self::Error>>(), &error.to_string());
            }
            result
        };
        work.in_span(span)
    }
}

impl<S: TaskSink<Args, Kind>, Args, Kind> EnqueueExt<Args, Kind> for S {}
