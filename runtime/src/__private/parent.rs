//! A parent or link that was given by an expression.

use std::rc::Rc;
use std::sync::Arc;

use crate::span::{EnteredSpan, Parent, Span, current};
use crate::{Attached, Context};

/// What can be the parent of a span, or what a span can be linked to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no context",
    label = "not a `Context`, a `Span`, nor an `Option` of one",
    note = "give a `throughline::Context` or a `throughline::Span`"
)]
pub trait AsContext {
    /// The context, `None` for none.
    fn as_context(&self) -> Option<Context>;
}

impl AsContext for Context {
    fn as_context(&self) -> Option<Context> {
        Some(self.clone())
    }
}

impl AsContext for Span {
    fn as_context(&self) -> Option<Context> {
        Some(self.context())
    }
}

impl AsContext for EnteredSpan {
    fn as_context(&self) -> Option<Context> {
        Some(self.context())
    }
}

impl<T: AsContext> AsContext for Option<T> {
    fn as_context(&self) -> Option<Context> {
        self.as_ref().and_then(AsContext::as_context)
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<T: AsContext + ?Sized> AsContext for $pointer {
            fn as_context(&self) -> Option<Context> {
                (**self).as_context()
            }
        }
    )+};
}

forward!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

/// A parent that was computed before the span opens.
#[derive(Debug)]
pub enum GivenParent {
    /// What is current when the span opens.
    Current,
    /// A new trace.
    Root,
    /// The span of this context.
    Of(Context),
}

/// The parent that an expression gives. `None` is a new trace, as in `tracing`.
pub fn parent<P: AsContext + ?Sized>(given: &P) -> GivenParent {
    given.as_context().map_or(GivenParent::Root, GivenParent::Of)
}

impl GivenParent {
    /// The parent, for as long as it takes to open the span.
    pub fn as_parent(&self) -> Parent<'_> {
        match self {
            Self::Current => Parent::Current,
            Self::Root => Parent::Root,
            Self::Of(context) => Parent::Of(context),
        }
    }

    /// Makes the context of a request current, for a span that does so only where it is recorded.
    pub fn attach(&self) -> Option<Attached> {
        match self {
            Self::Of(context) => Some(context.attach()),
            Self::Current | Self::Root => None,
        }
    }
}

/// Links the current span to each of these.
pub fn link_all<I: IntoIterator<Item: AsContext>>(others: I) {
    for other in others {
        if let Some(context) = other.as_context() {
            current::link(&context);
        }
    }
}
