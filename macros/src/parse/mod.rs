//! The first stage: tokens become syntax.

mod arguments;
mod fields;
mod function;
mod grammar;
mod mark;
mod tail;

pub(crate) use arguments::{Argument, Given, Report, arguments};
pub(crate) use fields::{Field, Key, Sigil};
pub(crate) use function::{Body, Function, Parameter, outer};
pub(crate) use grammar::{Shape, Slot, slot_of, words_of};
pub(crate) use mark::Mark;
pub(crate) use tail::Tail;
