//! The context that work carries: trace ID, span ID, flags, trace state, request ID, baggage, bound log fields.
//!
//! Threads, spans and futures carry a [`Key`](key::Key): 32 bytes, `Copy`, with the IDs and the index of a slot.
//! The slot (see [`slots`]) holds what a request brings beyond IDs; slot 0 means that it brings nothing. Only
//! owners count: [`Context`], request scopes, attach guards, wrappers of futures. Everything else borrows, and a key
//! that outlived its slot reads as nothing. A [`part`] of the work for a request can have a slot of its own.

pub mod baggage;
mod bound;
mod carried;
pub(crate) mod current;
mod flags;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod owned;
pub(crate) mod part;
mod parts;
mod request;
mod request_id;
pub(crate) mod scopes;
pub(crate) mod slots;
mod trace_state;

pub use bound::BoundValue;
pub(crate) use carried::request_id;
pub use carried::{Attached, Context};
pub use flags::Flags;
pub use parts::ContextParts;
pub(crate) use parts::parts as parts_of;
pub(crate) use request::{Held, Request};
pub use request_id::{InvalidRequestId, RequestId};
