//! Messages.

use crate::span::future::InSpan;
use crate::{Context, FutureExt as _};

/// A message with the context of who sent it: for channels, actors and queues within the process. Between processes there is
/// [`jobs::Envelope`](crate::jobs::Envelope).
///
/// A receiver works for many senders, none of which called it: a channel loses the context unless the message brings it.
///
/// ```
/// use std::sync::mpsc;
///
/// use throughline::{Carried, traced};
///
/// #[traced]
/// fn order(mails: &mpsc::Sender<Carried<String>>) {
///     mails.send("thank you".to_owned().into()).unwrap();
/// }
///
/// #[traced]
/// fn send(mail: String) {}
///
/// let (mails, received) = mpsc::channel();
/// order(&mails);
/// for mail in received.try_iter() {
///     mail.run_blocking(|mail| send(mail)); // a child of `order`
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "what is in the message is to be worked on"]
pub struct Carried<T> {
    inner: T,
    context: Context,
}

impl<T> Carried<T> {
    /// A message with the context that is current now.
    pub fn new(inner: T) -> Self {
        Self::with_context(inner, Context::current())
    }

    /// A message with this context.
    pub fn with_context(inner: T, context: Context) -> Self {
        Self { inner, context }
    }

    /// The context of who sent it.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// What is sent.
    pub fn inner(&self) -> &T {
        &self.inner
    }

    /// The same, to be changed.
    pub fn inner_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// What is sent, without the context.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Works on the message inside of its context.
    pub fn run<F: Future>(self, work: impl FnOnce(T) -> F) -> InSpan<F> {
        let Self { inner, context } = self;
        let future = {
            let _attached = context.attach();
            work(inner)
        };
        future.in_context(context)
    }

    /// The same for work that is not async.
    pub fn run_blocking<R>(self, work: impl FnOnce(T) -> R) -> R {
        let _attached = self.context.attach();
        work(self.inner)
    }
}

impl<T> From<T> for Carried<T> {
    /// With the context that is current now.
    fn from(inner: T) -> Self {
        Self::new(inner)
    }
}
