//! With the feature `llm`: the second ladder, on what the first one found.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_core::Stream;
use serde::Serialize;

use crate::__private::{Description, GoingOn, Peeled};
use crate::llm::expansion::{
    Call, Look, look_at_error, look_at_nothing, look_at_response, look_at_serialize, observe_returned,
};
use crate::llm::{LlmResponse, Usage};
use crate::span::Value;

/// The model call that an annotated function is, from the opening of its span until its value is read.
#[derive(Debug, Default)]
pub struct LlmCall(Option<Call>);

impl LlmCall {
    /// Not begun.
    pub const fn new() -> Self {
        Self(None)
    }

    /// The current span is a call of `model`.
    pub fn begin(&mut self, provider: Value<'_>, model: Value<'_>) {
        self.0 = Some(Call::begin(text(provider), text(model)));
    }

    /// Whether anything is recorded.
    pub fn is_recording(&self) -> bool {
        self.0.as_ref().is_some_and(Call::is_recording)
    }

    /// Takes what was read of a response.
    pub fn response(&self, look: Option<Look>) {
        if let (Some(call), Some(look)) = (&self.0, look) {
            call.response(look);
        }
    }
}

fn text(value: Value<'_>) -> &str {
    match value {
        Value::Str(text) => text,
        _ => "",
    }
}

/// Tokens by the user's own closure, which wins over whatever could be read. If it panics, they are not known.
pub fn usage<T: ?Sized, U: Into<Option<Usage>>>(
    call: &LlmCall,
    returned: Peeled<'_, T>,
    read: impl FnOnce(&T) -> U,
) {
    if let (true, Some(value)) = (call.is_recording(), returned.0)
        && let Ok(Some(usage)) = catch_unwind(AssertUnwindSafe(|| read(value).into()))
    {
        call.response(Some(look_at_response(&usage)));
    }
}

/// A stream whose items are read on the span, where that is recorded.
pub fn observed<S: Stream, R: FnMut(&S::Item) -> Look>(
    span: &mut GoingOn,
    stream: S,
    read: R,
) -> impl Stream<Item = S::Item> + use<S, R> {
    let is_recorded = span.is_recording();
    span.in_scope(|| observe_returned(is_recorded, stream, read))
}

/// What was read of an item of a stream: that it is an error, or what it holds.
pub fn look(failure: Option<Description>, read: Option<Look>) -> Look {
    match failure {
        Some(failure) => look_at_error(failure.error_type, failure.message),
        None => read.unwrap_or_else(look_at_nothing),
    }
}

/// First: the type says how it is read.
pub trait ReadAsResponse {
    /// What was read.
    fn __look(&self) -> Option<Look>;
}

/// Then: its fields are known by their names.
pub trait ReadBySerialize {
    /// What was read.
    fn __look(&self) -> Option<Look>;
}

/// Last: nothing is read.
pub trait NotRead {
    /// Nothing.
    fn __look(&self) -> Option<Look>;
}

impl<T: LlmResponse + ?Sized> ReadAsResponse for &&Peeled<'_, T> {
    fn __look(&self) -> Option<Look> {
        self.0.map(look_at_response)
    }
}

impl<T: Serialize + ?Sized> ReadBySerialize for &Peeled<'_, T> {
    fn __look(&self) -> Option<Look> {
        self.0.map(look_at_serialize)
    }
}

impl<T: ?Sized> NotRead for Peeled<'_, T> {
    fn __look(&self) -> Option<Look> {
        None
    }
}

/// Reads an item of a stream.
#[doc(hidden)]
#[macro_export]
macro_rules! __look {
    ($item:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::{NotRead as _, ReadAsResponse as _, ReadBySerialize as _};
        let peeled = $crate::__peel!($crate::__private::Peeled(::core::option::Option::Some($item)));
        $crate::__private::look($crate::__failure!($item), (&&&peeled).__look())
    }};
}

/// Reads the response in what was returned.
#[doc(hidden)]
#[macro_export]
macro_rules! __respond {
    ($call:ident, $returned:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::{AsOnePart as _, NotRead as _, ReadAsResponse as _, ReadBySerialize as _};
        let peeled = $crate::__peel!($crate::__private::Peeled(::core::option::Option::Some($returned)));
        let (first, second, third) = peeled.__parts();
        let (first, second, third) =
            ($crate::__peel!(first), $crate::__peel!(second), $crate::__peel!(third));
        $crate::__private::LlmCall::response(&$call, (&&&first).__look());
        $crate::__private::LlmCall::response(&$call, (&&&second).__look());
        $crate::__private::LlmCall::response(&$call, (&&&third).__look());
    }};
}
