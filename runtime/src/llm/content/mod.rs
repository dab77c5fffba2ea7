//! The content of model calls: what goes in and comes out. Nothing of this runs unless it is asked for.
//!
//! A value is read into a [`tree`] within bounds, a [`request`] or an [`answer`] is made of it in the form of the
//! conventions, that is redacted, made to fit, and written.

mod answer;
mod capture;
mod cut;
mod documents;
mod events;
mod fit;
mod media;
mod message;
mod output;
mod part;
mod policy;
mod record;
mod redact;
mod request;
mod tree;
mod write;

pub(super) use answer::Said;
pub(super) use output::{Output, Unwritten};
#[doc(hidden)]
pub use policy::is_asked as content_is_asked;
pub use policy::{Content, set_content};
pub use record::{
    Captured, ContentPart, captured, captured_fields, captured_text, record_captured, record_input,
    record_output, record_system_instructions, record_tool_definitions,
};
pub(super) use record::{said, said_text};
pub use redact::Pattern;
