//! Our current context as the current one of OpenTelemetry.

use std::pin::Pin;
use std::task::{Context as Waking, Poll};

use opentelemetry::{Context as OtelContext, ContextGuard};
use pin_project_lite::pin_project;
use throughline::Context;

use crate::convert::{put_into, to_otel};

/// Our context is the current one of OpenTelemetry until this is dropped; see [`attach_current`].
#[derive(Debug)]
#[must_use = "the context is current only as long as this guard lives"]
pub struct Attached {
    _guard: ContextGuard,
}

/// Makes what is current for Throughline current for code that asks OpenTelemetry what is: for its
/// `Context::current()`, its active span, and tracers of another provider than [`TracerProvider`](crate::TracerProvider).
///
/// Not to be held across `.await`: futures have [`in_otel`](FutureExt::in_otel).
///
/// ```
/// use opentelemetry::trace::get_active_span;
///
/// let trace = throughline::testing::capture(|| {
///     let _entered = throughline::span!("checkout").entered();
///     let _attached = throughline_opentelemetry::attach_current();
///     get_active_span(|span| span.set_attribute(opentelemetry::KeyValue::new("order.items", 3)));
/// });
/// assert_eq!(trace.span("checkout").attribute("order.items").unwrap(), 3);
/// ```
pub fn attach_current() -> Attached {
    Attached { _guard: to_otel(&Context::current()).attach() }
}

/// Futures whose code asks OpenTelemetry what is current.
pub trait FutureExt: Future + Sized {
    /// Runs the future with what is current for Throughline at each poll current for OpenTelemetry: put it inside of the
    /// span, `call().in_otel().in_span(span)`, or call it in an annotated function.
    ///
    /// ```
    /// use opentelemetry::trace::TraceContextExt as _;
    /// use throughline_opentelemetry::FutureExt as _;
    ///
    /// #[throughline::traced]
    /// async fn checkout() -> bool {
    ///     async { opentelemetry::Context::current().has_active_span() }.in_otel().await
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let (is_seen, _) = throughline::testing::capture_async_returning(checkout()).await;
    /// assert!(is_seen);
    /// # });
    /// ```
    fn in_otel(self) -> InOtel<Self> {
        InOtel { future: self, values: OtelContext::current() }
    }
}

impl<F: Future> FutureExt for F {}

pin_project! {
    /// The future of [`FutureExt::in_otel`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct InOtel<F> {
        #[pin]
        future: F,
        // Of the context of OpenTelemetry that was current where it was made.
        values: OtelContext,
    }
}

impl<F: Future> Future for InOtel<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, waking: &mut Waking<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _guard = put_into(&Context::current(), this.values).attach();
        this.future.poll(waking)
    }
}
