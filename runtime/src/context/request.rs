//! What a request brings beyond IDs.

use std::sync::Arc;

use crate::context::baggage::Baggage;
use crate::context::bound::Bound;
use crate::context::request_id::RequestId;

/// What a slot holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) request_id: Option<RequestId>,
    pub(crate) trace_state: Option<Arc<str>>,
    pub(crate) baggage: Baggage,
    #[cfg_attr(not(feature = "logs"), allow(dead_code, reason = "log lines read it"))]
    pub(crate) bound: Bound,
}
