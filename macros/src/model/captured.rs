//! What `capture(..)` of each attribute may name: a table.

use crate::model::{Operation, Returns, Shape};
use crate::parse::{Captured, Function};

/// A part of what a call is about.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) word: &'static str,
    /// Its variant in the runtime.
    pub(crate) variant: &'static str,
    pub(crate) comes: Comes,
}

/// Where the value of a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comes {
    /// From the value that is given.
    Given,
    /// From that, or from the arguments of the function.
    GivenOrArguments,
    /// From what the function returns.
    Returned,
}

const fn part(word: &'static str, variant: &'static str, comes: Comes) -> Part {
    Part { word, variant, comes }
}

/// Of a call of a model.
pub(crate) static CHAT: &[Part] = &[
    part("input", "Input", Comes::Given),
    part("system", "System", Comes::Given),
    part("tools", "Tools", Comes::Given),
    part("output", "Output", Comes::Returned),
];

/// Of a run of an agent or a workflow.
pub(crate) static RUN: &[Part] =
    &[part("input", "Input", Comes::Given), part("output", "Output", Comes::Returned)];

/// Of a search or a ranking.
pub(crate) static SEARCH: &[Part] =
    &[part("query", "Query", Comes::Given), part("documents", "Documents", Comes::Returned)];

/// Of a use of a tool.
pub(crate) static USE: &[Part] =
    &[part("arguments", "Arguments", Comes::GivenOrArguments), part("result", "Result", Comes::Returned)];

impl Operation {
    /// The part that `captured` names.
    pub(crate) fn part(&self, captured: &Captured) -> Option<&'static Part> {
        self.parts.iter().find(|part| captured.word == part.word)
    }

    /// Whether what the function returns could be content: its type is known, or it is a stream whose items are read.
    pub(crate) fn sees_returned(&self, function: &Function) -> bool {
        let is_stream = matches!(Shape::of(function), Shape::Stream(_) | Shape::AsyncStream(_));
        Returns::of_work(function).is_known() || (is_stream && self.is_model_call())
    }
}
