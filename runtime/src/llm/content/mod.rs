//! The content of model calls: what goes in and comes out. Nothing of this runs unless it is asked for.

mod capture;
mod cut;
mod policy;
mod record;
mod tree;

#[doc(hidden)]
pub use policy::is_asked as content_is_asked;
pub use policy::{Content, set_content};
pub use record::{Captured, ContentPart, captured, captured_fields, captured_text, record_captured};
