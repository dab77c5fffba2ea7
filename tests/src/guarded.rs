//! Spans without an attribute.

use throughline::span::Callsite;
use throughline::span::guard::Guard;

/// Runs `code` in a span, as an annotated function does.
pub fn in_span<R>(callsite: &'static Callsite, code: impl FnOnce() -> R) -> R {
    let mut guard = Guard::new();
    guard.enter(callsite);
    code()
}
