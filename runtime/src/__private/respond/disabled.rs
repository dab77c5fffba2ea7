//! Without the feature `llm` a model call is a span with its request; the response is not read.

use crate::__private::{GoingOn, Peeled};
use crate::span::Value;

/// Nothing.
#[derive(Debug, Default)]
pub struct LlmCall(());

impl LlmCall {
    /// Nothing.
    pub const fn new() -> Self {
        Self(())
    }

    /// Nothing.
    pub fn begin(&mut self, _provider: Value<'_>, _model: Value<'_>) {}

    /// Never.
    pub fn is_recording(&self) -> bool {
        false
    }
}

/// Nothing.
pub trait NotRead {}

/// Nothing.
pub fn usage<T: ?Sized, U>(_call: &LlmCall, _returned: Peeled<'_, T>, _read: impl FnOnce(&T) -> U) {}

/// The stream as it is.
pub fn observed<S, R>(_span: &mut GoingOn, stream: S, _read: R) -> S {
    stream
}

/// Nothing.
#[doc(hidden)]
#[macro_export]
macro_rules! __look {
    ($item:ident) => {{
        let _ = $item;
    }};
}

/// Nothing.
#[doc(hidden)]
#[macro_export]
macro_rules! __respond {
    ($call:ident, $returned:ident) => {
        let _ = (&$call, $returned);
    };
}
