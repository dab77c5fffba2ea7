//! A random program beside a plain model of the rules.

pub(crate) mod model;
pub(crate) mod program;
pub(crate) mod task;
pub(crate) mod values;
pub(crate) mod world;
