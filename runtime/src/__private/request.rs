//! A request ID that was given by an expression.

use std::fmt::Display;

use crate::__private::GivenParent;
use crate::__private::value::said;
use crate::Context;
use crate::context::key::Key;
use crate::context::owned::OwnedKey;
use crate::context::{Request, RequestId, current, slots};
use crate::propagation::Config;
use crate::semconv;
use crate::span::{Parent, Value, current as current_span, open, orphans};

/// What an expression gave for a request ID.
#[derive(Debug)]
pub struct Given<'a, T: ?Sized>(pub &'a T);

/// A request ID that was looked at: one to be used, one to be replaced, or none.
#[derive(Debug)]
pub struct GivenId {
    id: Option<RequestId>,
    /// What the ID is instead of: escaped and cut.
    replaced: Option<Box<str>>,
}

impl GivenId {
    const NONE: Self = Self { id: None, replaced: None };

    /// As the policy of the process says; an empty text is none.
    fn of_text(text: &str) -> Self {
        let config = &Config::current().request_ids;
        match config.accept(text) {
            None => Self::NONE,
            Some(Ok(id)) => Self { id: Some(id), replaced: None },
            Some(Err(kept)) => Self { id: Some(config.generator.generate()), replaced: Some(kept.into()) },
        }
    }

    fn of_display(value: &impl Display) -> Self {
        Self::of_text(&said(|| value.to_string()))
    }
}

/// What is a request ID by its type: taken as it is.
pub trait IsRequestId {
    /// The ID, if there is one.
    fn id(&self) -> Option<RequestId>;
}

impl IsRequestId for RequestId {
    fn id(&self) -> Option<RequestId> {
        Some(self.clone())
    }
}

impl<T: IsRequestId> IsRequestId for Option<T> {
    fn id(&self) -> Option<RequestId> {
        self.as_ref()?.id()
    }
}

impl<T: IsRequestId + ?Sized> IsRequestId for &T {
    fn id(&self) -> Option<RequestId> {
        (**self).id()
    }
}

/// First: an ID.
pub trait ById {
    /// The ID.
    fn __given(&self) -> GivenId;
}

/// Then: text.
pub trait ByText {
    /// The ID with this text.
    fn __given(&self) -> GivenId;
}

/// Then: text or nothing.
pub trait ByOptionalText {
    /// The ID with this text.
    fn __given(&self) -> GivenId;
}

/// Then: what can be written as text.
pub trait ByDisplay {
    /// The ID with this text.
    fn __given(&self) -> GivenId;
}

/// Then: that or nothing.
pub trait ByOptionalDisplay {
    /// The ID with this text.
    fn __given(&self) -> GivenId;
}

/// Last: an error that says so.
pub trait ByNoId {
    /// The type that is no ID.
    type Type: ?Sized;

    /// Does not compile.
    fn __given(&self) -> GivenId
    where
        Self::Type: CanBeRequestId;
}

/// What `request_id` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a request ID",
    label = "not a `RequestId`, nor text, nor `Display`, nor an `Option` of one",
    note = "give a `throughline::RequestId`, or what is `AsRef<str>` or `Display`"
)]
pub trait CanBeRequestId {}

impl<T: IsRequestId + ?Sized> ById for &&&&&Given<'_, T> {
    fn __given(&self) -> GivenId {
        GivenId { id: self.0.id(), replaced: None }
    }
}

impl<T: AsRef<str> + ?Sized> ByText for &&&&Given<'_, T> {
    fn __given(&self) -> GivenId {
        GivenId::of_text(self.0.as_ref())
    }
}

impl<T: AsRef<str>> ByOptionalText for &&&Given<'_, Option<T>> {
    fn __given(&self) -> GivenId {
        self.0.as_ref().map_or(GivenId::NONE, |text| GivenId::of_text(text.as_ref()))
    }
}

impl<T: Display> ByDisplay for &&Given<'_, T> {
    fn __given(&self) -> GivenId {
        GivenId::of_display(self.0)
    }
}

impl<T: Display> ByOptionalDisplay for &Given<'_, Option<T>> {
    fn __given(&self) -> GivenId {
        self.0.as_ref().map_or(GivenId::NONE, GivenId::of_display)
    }
}

impl<T: ?Sized> ByNoId for Given<'_, T> {
    type Type = T;

    fn __given(&self) -> GivenId
    where
        T: CanBeRequestId,
    {
        GivenId::NONE
    }
}

/// What the span of a function opens under whose request ID is given, where it was to have this parent.
pub fn in_request(given: GivenId, parent: Parent<'_>) -> GivenParent {
    match (given.id, parent) {
        (Some(id), parent) => {
            orphans::request_begins();
            GivenParent::Of(context(open::parent_key(parent), id, given.replaced))
        }
        (None, Parent::Current) => GivenParent::Current,
        (None, Parent::Root) => GivenParent::Root,
        (None, Parent::Of(context)) => GivenParent::Of(context.clone()),
    }
}

/// The context of `key` for another request, which begins with what the one around it had.
fn context(key: Key, id: RequestId, replaced: Option<Box<str>>) -> Context {
    let request = Request { request_id: Some(id), replaced, ..slots::request(key.meta) };
    Context::from_owned(OwnedKey::adopt(Key { meta: slots::insert(key.meta, request), ..key }))
}

/// Says on the current span, with which it begins, what the ID of its request is.
pub fn note_request() {
    let key = current::get();
    let noted = slots::with(key.meta, |request| (request.request_id.clone(), request.replaced.clone()));
    let Some((Some(id), replaced)) = noted else { return };
    id.with_str(|id| current_span::set_on(&key, semconv::REQUEST_ID, Value::Str(id)));
    if let Some(replaced) = replaced {
        current_span::set_on(&key, semconv::REQUEST_ID_REPLACED, Value::Str(&replaced));
    }
}

/// What an expression gives for a request ID.
#[doc(hidden)]
#[macro_export]
macro_rules! __request_id {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            ByDisplay as _, ById as _, ByNoId as _, ByOptionalDisplay as _, ByOptionalText as _, ByText as _,
        };
        (&&&&&&$crate::__private::Given(&$value)).__given()
    }};
}
