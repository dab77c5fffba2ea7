//! Which arguments an attribute takes, and what each looks like: a table.

use crate::model::Operation;

/// What follows the name of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing, or `= true` or `= false`.
    Flag,
    /// `= expression`.
    Expr,
    /// `= value`, `= %value` or `= ?value`: the value of an attribute.
    Value,
    /// Nothing: the function is left out of its place; or `(a, b)`: names of parameters.
    Skip,
    /// `(key = value, ..)`: attributes of the span.
    Fields,
    /// Nothing, `= false`, or `(Debug, level = "warn")`.
    Report,
    /// `= path`.
    Path,
    /// `= "poll"`: when the context is taken; or `(name = value, ..)`: what is content.
    Capture,
    /// `(traced(..))`: the attribute of the place around, which ours adds.
    Within,
}

/// One argument.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The key of the attribute whose value it is, where it is one.
    pub(crate) key: Option<&'static str>,
    /// Whether it is about one function, so that a place with several cannot have it.
    pub(crate) is_of_one: bool,
    /// Whether its value is a floating-point number, however it is written.
    pub(crate) is_double: bool,
}

pub(super) const fn slot(name: &'static str, shape: Shape) -> Slot {
    Slot { name, shape, key: None, is_of_one: false, is_double: false }
}

pub(super) const fn value(name: &'static str, key: &'static str) -> Slot {
    Slot { key: Some(key), ..slot(name, Shape::Value) }
}

pub(super) const fn double(name: &'static str, key: &'static str) -> Slot {
    Slot { is_double: true, ..value(name, key) }
}

pub(super) const fn of_one(slot: Slot) -> Slot {
    Slot { is_of_one: true, ..slot }
}

/// What every attribute takes.
static COMMON: &[Slot] = &[
    of_one(slot("name", Shape::Expr)),
    slot("kind", Shape::Expr),
    slot("level", Shape::Expr),
    slot("target", Shape::Expr),
    of_one(slot("parent", Shape::Expr)),
    slot("root", Shape::Flag),
    slot("fields", Shape::Fields),
    slot("args", Shape::Flag),
    slot("skip", Shape::Skip),
    slot("skip_all", Shape::Flag),
    slot("err", Shape::Report),
    slot("ret", Shape::Report),
    of_one(slot("follows_from", Shape::Expr)),
    of_one(slot("links", Shape::Expr)),
    slot("capture", Shape::Capture),
    slot("spawn", Shape::Flag),
    slot("crate", Shape::Path),
    of_one(slot("request_id", Shape::Expr)),
    slot("__within", Shape::Within),
];

impl Slot {
    /// How the argument is written.
    pub(crate) fn form(&self, operation: &Operation) -> String {
        let name = self.name;
        match (self.shape, name) {
            (_, "kind") => "kind = \"client\"".to_owned(),
            (_, "level") => "level = \"debug\"".to_owned(),
            (_, "capture") => match operation.parts.first() {
                Some(part) => format!("capture = \"poll\"` or `capture({} = value, ..)", part.word),
                None => "capture = \"poll\"".to_owned(),
            },
            (_, "spawn") => "spawn = false".to_owned(),
            (_, "usage") => "usage = |value| ..".to_owned(),
            (_, "links" | "follows_from") => format!("{name} = [context, ..]"),
            (_, "request_id") => "request_id = expression".to_owned(),
            (_, "message") => "message = parameter".to_owned(),
            (_, "parent") => "parent = context".to_owned(),
            (Shape::Flag, _) => format!("{name}` or `{name} = false"),
            (Shape::Skip, _) => format!("{name}(parameter, ..)"),
            (Shape::Fields, _) => format!("{name}(key = value, ..)"),
            (Shape::Report, _) => {
                format!("{name}`, `{name}(Debug)`, `{name}(level = \"warn\")` or `{name} = false")
            }
            (Shape::Path, _) => format!("{name} = path"),
            _ => format!("{name} = \"..\""),
        }
    }
}

/// All arguments of an attribute; its own come before those it shares, and win over them.
pub(crate) fn slots_of(operation: &Operation) -> impl Iterator<Item = &'static Slot> {
    let own = operation.arguments;
    let of_own = || own.iter().copied().flatten();
    of_own().chain(COMMON.iter().filter(move |common| of_own().all(|slot| slot.name != common.name)))
}

/// The argument of that name.
pub(crate) fn slot_of(operation: &Operation, name: &str) -> Option<&'static Slot> {
    slots_of(operation).find(|slot| slot.name == name)
}

/// The names to tell somebody who wrote an unknown one.
pub(crate) fn words_of(operation: &Operation) -> Vec<&'static str> {
    let is_offered = |slot: &&Slot| slot.shape != Shape::Within && operation.leaves_to_say(slot.name);
    slots_of(operation).filter(is_offered).map(|slot| slot.name).collect()
}
