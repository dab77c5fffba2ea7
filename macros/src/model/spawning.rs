//! The functions that start work elsewhere.

use syn::{GenericArgument, Type};

use crate::parse::{Call, CalledPath};

/// What a function that starts work takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Future,
    Closure,
}

/// The functions whose argument takes the context along, by the paths they are called by.
const SPAWNING: &[(&[&str], Work)] = &[
    (&["tokio", "spawn"], Work::Future),
    (&["tokio", "task", "spawn"], Work::Future),
    (&["tokio", "task", "spawn_local"], Work::Future),
    (&["tokio", "task", "spawn_blocking"], Work::Closure),
    (&["std", "thread", "spawn"], Work::Closure),
    (&["rayon", "spawn"], Work::Closure),
];

impl Work {
    /// What the function of this path starts, if it is one of these.
    pub(crate) fn started_by(path: &CalledPath) -> Option<Self> {
        SPAWNING.iter().find(|(words, _)| path.words == *words).map(|(_, work)| *work)
    }
}

/// Whether the turbofish names the type of the argument, which must then stay what it is.
pub(crate) fn names_argument(call: &Call) -> bool {
    !matches!(call.generics.first(), None | Some(GenericArgument::Type(Type::Infer(_))))
}
