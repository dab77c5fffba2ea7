//! A request that comes in from another service, as far as a test needs one.

use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

use crate::context::{Context, ContextParts, Flags, RequestId};
use crate::id::{SpanId, TraceId};
use crate::propagation::{Config, Extract, Inject, read};

const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const SPAN: u64 = 0x00f0_67aa_0ba9_02b7;
const REQUEST: &str = "req-assert-propagates";

/// The request that code under [`assert_propagates`](crate::testing::assert_propagates) works for: it comes from another
/// service, in a trace and with a request ID of its own. Its clones are the same request.
#[derive(Clone, Debug)]
pub struct Incoming {
    context: Context,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// What the code sent on.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// Where the test says so.
    pub(super) place: &'static Location<'static>,
    pub(super) parts: ContextParts,
}

impl Incoming {
    /// The request, in the pipeline that is current.
    pub(super) fn new() -> Self {
        let context = Context::from(ContextParts {
            trace_id: TraceId::new(TRACE),
            span_id: SpanId::new(SPAN),
            flags: Flags::SAMPLED,
            request_id: Some(RequestId::new_unchecked(REQUEST)),
            ..ContextParts::default()
        });
        Self { context, sent: Arc::default() }
    }

    /// Its context, which is current where the code under test begins.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Its headers, for code that takes the context out of those.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        self.inject(&mut headers);
        headers
    }

    /// Writes its headers into a carrier: the headers of a request to the handler under test, a message to the worker.
    pub fn inject<C: Inject + ?Sized>(&self, carrier: &mut C) {
        Config::current().inject(&self.context, carrier);
    }

    /// Notes what the code sent to others: the headers that a server of the test received, the message that is in the queue.
    /// It has to carry the request ID and the trace.
    #[track_caller]
    pub fn sent<C: Extract + ?Sized>(&self, carrier: &C) {
        let sent = Sent { place: Location::caller(), parts: read(Config::current(), carrier).parts };
        self.with(|all| all.push(sent));
    }

    pub(super) fn trace_id(&self) -> Option<TraceId> {
        self.context.trace_id()
    }

    pub(super) fn span_id(&self) -> Option<SpanId> {
        self.context.span_id()
    }

    pub(super) fn all_sent(&self) -> Vec<Sent> {
        self.with(|sent| sent.clone())
    }

    fn with<R>(&self, f: impl FnOnce(&mut Vec<Sent>) -> R) -> R {
        f(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this is its ID.
    pub(super) fn is_request(&self, id: Option<&str>) -> bool {
        id == Some(REQUEST)
    }
}
