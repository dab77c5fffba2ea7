//! The way of one request to its receiver, blocking: on the sender's thread only.

mod format;
mod http;

pub(super) use http::{HttpTransport as Transport, certificates};
