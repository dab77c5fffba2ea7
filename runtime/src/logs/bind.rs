//! Fields for every later line of a request.

use std::borrow::Cow;

use crate::context::{BoundValue, current};
use crate::span::ToValue;

/// Puts a field on every later log line of the current request, as `bind` of Python's
/// [structlog](https://www.structlog.org/en/stable/contextvars.html): also on those of tasks, threads and background work
/// that belong to it. A later value of the same key replaces the earlier one; [`None`] changes nothing.
///
/// Returns whether a request or trace is current; without one nothing is bound.
///
/// ```
/// use throughline::{Context, ContextParts, logs};
///
/// assert!(!logs::bind("user_id", 7), "no request is current");
///
/// let request = ContextParts { request_id: "req-abc".parse().ok(), ..ContextParts::default() };
/// let _attached = Context::from(request).attach();
/// assert!(logs::bind("user_id", 7));
/// ```
pub fn bind(key: impl Into<Cow<'static, str>>, value: impl ToValue) -> bool {
    let (key, value) = (key.into(), BoundValue::new(value.to_value()));
    current::with_request(|request| {
        if let Some(value) = value {
            request.bound.set(key, value);
        }
    })
    .is_some()
}
