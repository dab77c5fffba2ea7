//! What servers answer to the attempt that this thread works on.

use std::cell::Cell;
use std::time::Duration;

use crate::context::key::Key;
use crate::semconv;
use crate::span::{Value, current};

/// What was answered to an attempt so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// The attempt's span.
    span: Key,
    /// The status of the last response; `None` where the last request got none.
    status: Option<u16>,
}

thread_local! {
    static CURRENT: Cell<Option<Answered>> = const { Cell::new(None) };
}

impl Answered {
    pub(super) const fn nothing_yet(span: Key) -> Self {
        Self { span, status: None }
    }

    /// The status of the last response, if it is one of an error.
    pub(super) fn error_status(&self) -> Option<u16> {
        self.status.filter(|status| *status >= 400)
    }

    /// Calls `f`, a piece of the attempt's work: what is answered meanwhile is answered to it.
    pub(super) fn during<R>(&mut self, f: impl FnOnce() -> R) -> R {
        struct Restore<'a> {
            outer: Option<Answered>,
            this: &'a mut Answered,
        }

        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                if let Some(answered) = CURRENT.replace(self.outer) {
                    *self.this = answered;
                }
            }
        }

        let _restore = Restore { outer: CURRENT.replace(Some(*self)), this: self };
        f()
    }
}

/// Says that the provider asked to wait for `wait` before the next attempt: written on the [`attempt`](crate::llm::attempt)
/// that is under way. [`ClientLayer`](crate::http::ClientLayer) and the adapter for reqwest do this by themselves where a
/// response has a header `Retry-After`.
///
/// ```
/// use std::time::Duration;
/// use throughline::llm;
///
/// # enum Refused { Busy(Duration), Other }
/// # impl std::fmt::Display for Refused {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("refused") }
/// # }
/// # async fn create() -> Result<String, Refused> { Err(Refused::Other) }
/// # async fn ask() -> Result<String, Refused> {
/// llm::attempt(async || {
///     let answer = create().await;
///     if let Err(Refused::Busy(wait)) = &answer {
///         llm::retry_after(*wait);
///     }
///     answer
/// })
/// .await
/// # }
/// ```
pub fn retry_after(wait: Duration) {
    if let Some(answered) = CURRENT.get() {
        current::set_on(&answered.span, semconv::LLM_ATTEMPT_RETRY_AFTER, Value::F64(wait.as_secs_f64()));
    }
}

/// A request of the attempt under way got a response with this status, or none.
#[cfg(feature = "http")]
pub(crate) fn answered(status: Option<u16>, wait: Option<Duration>) {
    if let Some(answered) = CURRENT.get() {
        CURRENT.set(Some(Answered { status, ..answered }));
        wait.into_iter().for_each(retry_after);
    }
}
