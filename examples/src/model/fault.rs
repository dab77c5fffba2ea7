//! What goes wrong with the stand-in model, so that it is seen what becomes of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

/// One thing that goes wrong, once in the life of the process.
#[derive(Debug)]
pub struct Fault {
    trouble: Trouble,
    requests: fn(&Value) -> bool,
    nth: u64,
    seen: AtomicU64,
}

/// How it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The request is answered with 429, and with how long to wait.
    TurnedAway(Duration),
    /// The connection breaks in the middle of the answer.
    CutOff,
}

impl Fault {
    /// Trouble with the `nth` of these requests, from 1.
    pub fn new(trouble: Trouble, nth: u64, requests: fn(&Value) -> bool) -> Self {
        Self { trouble, requests, nth, seen: AtomicU64::new(0) }
    }

    /// The trouble, if this is the request that it comes to.
    pub(super) fn strikes(&self, request: &Value) -> Option<Trouble> {
        let is_it = (self.requests)(request) && self.seen.fetch_add(1, Ordering::Relaxed) + 1 == self.nth;
        is_it.then_some(self.trouble)
    }
}

/// Whether a request opens a conversation: it ends with a message of the user.
pub fn opens(request: &Value) -> bool {
    last(request)["role"] == "user"
}

/// The last message of a request.
pub fn last(request: &Value) -> &Value {
    request["messages"].as_array().and_then(|all| all.last()).unwrap_or(&Value::Null)
}
