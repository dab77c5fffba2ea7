//! The second stage: what the arguments and the function mean.

mod attribute;
mod captured;
mod inherit;
mod level;
mod naming;
pub(crate) mod operation;
mod parameters;
mod returns;
mod shape;
mod spawning;
mod spec;

pub(crate) use attribute::{Attribute, Content, attributes};
pub(crate) use captured::{Comes, Part};
pub(crate) use inherit::{CONTRADICTIONS, inherit};
pub(crate) use level::Level;
pub(crate) use naming::Naming;
pub(crate) use operation::{
    AGENT_ID, AGENT_NAME, CONVERSATION, DESTINATION, OPERATION_NAME, Operation, PROVIDER, REQUEST_MODEL,
    Reads, SAID_BY_MESSAGE,
};
pub(crate) use parameters::{bindings_of, mentions, names_of};
pub(crate) use returns::{Returns, erase_impl, has_impl, last_segment};
pub(crate) use shape::{Going, Holder, Shape};
pub(crate) use spawning::{Work, names_argument};
pub(crate) use spec::{Own, Parent, Record, Reported, Spec};
