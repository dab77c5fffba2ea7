//! What a request brings beyond IDs.

use std::sync::Arc;

use crate::context::baggage::Baggage;
use crate::context::bound::Bound;
use crate::context::identity::Identity;
use crate::context::owned::OwnedKey;
use crate::context::request_id::RequestId;

/// What a slot holds.
#[derive(Debug)]
pub(crate) enum Held {
    /// A request.
    Request(Request),
    /// A part of the work for a request, with what is said of that part alone.
    Part {
        /// Owns the slot of the request.
        of: OwnedKey,
        identity: Arc<Identity>,
    },
}

/// What a request brings beyond IDs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) request_id: Option<RequestId>,
    /// What came for a request ID and was replaced.
    pub(crate) replaced: Option<Box<str>>,
    pub(crate) trace_state: Option<Arc<str>>,
    pub(crate) baggage: Baggage,
    #[cfg_attr(not(feature = "logs"), allow(dead_code, reason = "log lines read it"))]
    pub(crate) bound: Bound,
    #[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "spans of language models have it"))]
    pub(crate) identity: Option<Arc<Identity>>,
}
