//! What expansions of the macros call. Not public API: it changes without notice.
//!
//! Macros ship syntax; what an annotated function means is decided here. Values whose type an expansion does not know are
//! looked at by ladders of method resolution: a call on `&&&Value` finds the method of the first trait, by number of
//! references, that the type of the value allows. Nothing is asked of the user's types, so code compiles with the
//! attribute exactly when it compiles without.

#![allow(missing_docs, reason = "the documentation is for those who use the macros")]

use crate::span::guard::Guard;
use crate::span::{current, registry};

mod argument;
mod content;
mod counted;
mod failure;
mod going_on;
#[cfg(feature = "jobs")]
mod job;
mod key;
mod level;
mod outcome;
mod parent;
mod part;
mod peel;
mod report;
mod request;
mod respond;
mod spawned;
mod value;

pub use crate::__argument as argument;
pub use crate::__content as content;
pub use crate::__count as count;
pub use crate::__described as described;
pub use crate::__error as error;
pub use crate::__failed as failed;
pub use crate::__failure as failure;
pub use crate::__look as look;
pub use crate::__outcome as outcome;
pub use crate::__peel as peel;
pub use crate::__report as report;
pub use crate::__request_id as request_id;
pub use crate::__respond as respond;
pub use crate::__success as success;
pub use crate::span::callsite::callsite;
pub use crate::span::current::record;
pub use crate::span::future::{traced, traced_with};
pub use crate::span::{Callsite, Kind, Level, Operation, Parent, Value, ValueView};
pub use argument::{Argument, ByDebug, ByNothing, ByValue, Recordable, Recorded};
pub use content::*;
pub use counted::{NotAList, rename};
pub use failure::{Description, Failure, Rung, mark_item, message};
pub use going_on::{GoingOn, Held, ReturnedFuture, ReturnedStream, Streaming, boxed, streaming};
#[cfg(feature = "jobs")]
pub use job::{delivered, note_delivery};
pub use key::{key, key_length, key_text};
pub use level::{GivenLevel, IsLevel};
pub use outcome::{NotAResult, Returned, error_of};
pub use parent::{AsContext, GivenParent, link_all, parent};
pub use part::{InPart, Part, Within, begin_part, identify, within};
pub use peel::{AsItIs, AsOnePart, Peeled, value_of};
pub use report::reported;
#[cfg(feature = "logs")]
pub use report::{log_level, tracing};
pub use request::{
    ByDisplay, ById, ByNoId, ByOptionalDisplay, ByOptionalText, ByText, CanBeRequestId, Given, GivenId,
    IsRequestId, in_request, note_request,
};
pub use respond::*;
pub use spawned::{AsGiven, ClosureWork, FutureWork};
pub use value::{Kept, Text, debug, display, double, kept, text, typed};

/// The guard of a span that has not begun. It is filled in place, for returned by value it would be copied. These are functions
/// because the compiler, which looks for them in every annotated function, finds those of a type later.
#[inline(always)]
pub const fn guard() -> Guard {
    Guard::new()
}

/// Starts a span under the current one.
#[inline(always)]
pub fn enter(guard: &mut Guard, callsite: &'static Callsite) {
    guard.enter(callsite);
}

/// Starts a span under `parent`.
#[inline(always)]
pub fn enter_with(guard: &mut Guard, callsite: &'static Callsite, parent: Parent<'_>) {
    guard.enter_with(callsite, parent);
}

/// Whether the span is recorded: whether it is worth computing values for it.
#[inline(always)]
pub fn is_recording(guard: &Guard) -> bool {
    guard.is_recording()
}

/// Calls a closure once: its captures are its own, so that it may return what it borrows from them.
#[inline(always)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Whether the span that is current is recorded and is of this callsite, not of one further out because this callsite is
/// switched off.
#[inline]
pub fn is_open(callsite: &'static Callsite) -> bool {
    current::is_recording() && registry::number(callsite).is_some()
}

/// What is done with a returned value that says nothing.
#[inline(always)]
pub fn nothing<T>(_: &T) {}

/// What a function returns: `<fn() -> ! as Output>::Type` is the one way to name `!` as a type.
pub trait Output {
    type Type;
}

impl<R> Output for fn() -> R {
    type Type = R;
}

/// Says that a block has type `T`; never called.
#[inline(always)]
pub fn never<T>() -> T {
    unreachable!("the call is behind `if false`")
}
