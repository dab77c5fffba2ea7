//! The first stage: tokens become syntax.

mod annotation;
mod arguments;
mod call;
mod captured;
mod documentation;
mod fields;
mod foreign;
mod function;
mod grammar;
pub(crate) mod groups;
mod held;
mod item;
mod mark;
mod place;
mod scan;
mod tail;
mod token;

pub(crate) use annotation::{Annotation, Ours};
pub(crate) use arguments::{Argument, Arguments, Given, Report, Within};
pub(crate) use call::{Call, CalledPath, without_comma};
pub(crate) use captured::Captured;
pub(crate) use documentation::outer_attributes;
pub(crate) use fields::{Field, Key, Sigil};
pub(crate) use foreign::end_of_foreign;
pub(crate) use function::{Body, Function, Parameter, outer};
pub(crate) use grammar::{Shape, Slot, slot_of, words_of};
pub(crate) use held::{Held, held, held_all};
pub(crate) use item::{Item, Kind};
pub(crate) use mark::Mark;
pub(crate) use place::Place;
pub(crate) use scan::Scan;
pub(crate) use tail::Tail;
pub(crate) use token::{is_group, is_of_path, is_punct};
