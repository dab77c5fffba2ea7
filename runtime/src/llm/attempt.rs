//! One attempt of a call that may be retried.

use std::any::type_name;
use std::fmt::Display;
use std::future::Future;

use crate::context::current;
use crate::context::key::Key;
use crate::llm::calls::{self, SharedState};
use crate::llm::moment::Moment;
use crate::semconv;
use crate::span::current as current_span;
use crate::span::{Callsite, Kind, Span, Value};
use crate::{Context, FutureExt};

static ATTEMPT: Callsite =
    Callsite::new("llm attempt", module_path!(), file!(), line!(), &[]).with_kind(Kind::Client);

/// Runs one attempt of a model call in a child span of the call's, so that retries are seen: its number from 1, the
/// seconds waited since the attempt before it, and its error if it has one. The call itself says how many attempts it took.
///
/// Nothing is retried by this: the loop is yours, or your retry crate's. Client crates that retry by themselves, such as
/// async-openai, do so inside of one attempt: switch that off to see each.
///
/// What is recorded of responses and chunks inside of an attempt is written on the call, not on the attempt, so that no
/// reader counts it twice.
///
/// ```
/// use throughline::llm;
///
/// # async fn create() -> Result<llm::Usage, String> { Ok(llm::Usage::default()) }
/// async fn ask() -> Result<llm::Usage, String> {
///     for _ in 0..2 {
///         if let Ok(response) = llm::attempt(async || create().await).await {
///             return Ok(response);
///         }
///         // wait a moment
///     }
///     llm::attempt(async || create().await).await
/// }
/// ```
pub fn attempt<F, T, E>(call: F) -> impl Future<Output = Result<T, E>>
where
    F: AsyncFnOnce() -> Result<T, E>,
    E: Display,
{
    // What is current now is what the attempt belongs to, even when it is spawned.
    let context = Context::current();
    async move {
        let span = Span::new(&ATTEMPT);
        let attempt = Attempt::begin(&span);
        let outcome = fail_on_error(call).in_span(span).await;
        drop(attempt);
        outcome
    }
    .in_context(context)
}

/// Runs `call`, and marks the current span as failed when its outcome is an error.
async fn fail_on_error<F, T, E>(call: F) -> Result<T, E>
where
    F: AsyncFnOnce() -> Result<T, E>,
    E: Display,
{
    let outcome = call().await;
    if let Err(error) = &outcome
        && current_span::is_recording()
    {
        current_span::fail(type_name::<E>(), &error.to_string());
    }
    outcome
}

/// An attempt under way.
struct Attempt {
    of: SharedState,
    span: Key,
}

impl Attempt {
    /// Begins an attempt of the current span in `span`.
    fn begin(span: &Span) -> Option<Self> {
        let call = current::get();
        if !span.is_recording() || !call.is_recording() {
            return None;
        }
        let of = calls::of_span(&call);
        let key = span.context().key();
        calls::enter(&key, &of);
        let now = Moment::now(&key);
        let mut state = calls::lock(&of);
        state.attempts += 1;
        state.asked = Some(now);
        let wait = state.last_attempt_ended.map(|ended| now.seconds_since(ended));
        span.set(semconv::LLM_ATTEMPT_NUMBER, state.attempts);
        span.set(semconv::LLM_ATTEMPT_WAIT, wait);
        if !state.is_guarded {
            current_span::set_on(&call, semconv::LLM_ATTEMPTS, Value::U64(state.attempts));
        }
        drop(state);
        Some(Self { of, span: key })
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        calls::leave(&self.span);
        calls::lock(&self.of).last_attempt_ended = Some(Moment::now(&self.span));
    }
}
