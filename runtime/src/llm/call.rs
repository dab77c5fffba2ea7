//! The guard of a model call: from the beginning of its span to the end.

use std::sync::{Arc, Mutex};

use crate::context::current;
use crate::context::key::Key;
use crate::llm::calls::{self, SharedState};
use crate::llm::prices;
use crate::llm::response::Look;
use crate::llm::state::State;

/// The current span is a model call as long as this lives: what is recorded of responses, chunks and attempts meanwhile
/// is written on it at the end. To be dropped inside of the span.
#[doc(hidden)]
#[derive(Debug)]
#[must_use = "the call ends when this guard is dropped"]
pub struct Call {
    /// The span and what is known of the call; `None` where nothing is recorded.
    state: Option<(Key, SharedState)>,
}

impl Call {
    /// The current span is a call of `model` of `provider`, by its name in the GenAI conventions; empty when unknown.
    pub fn begin(provider: &str, model: &str) -> Self {
        let key = current::get();
        if !key.is_recording() {
            return Self { state: None };
        }
        prices::warm();
        let state = Arc::new(Mutex::new(State::of_call(key, provider, model)));
        calls::enter(&key, &state);
        Self { state: Some((key, state)) }
    }

    /// Whether anything is recorded: whether it is worth reading a response.
    pub fn is_recording(&self) -> bool {
        self.state.is_some()
    }

    /// Takes what was read of the response. An error is of no interest here: the span has it from its outcome.
    pub fn response(&self, look: Look) {
        if let (Some((_, state)), Ok(seen)) = (&self.state, look) {
            calls::lock(state).response(seen.0);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let Some((key, state)) = self.state.take() else { return };
        calls::leave(&key);
        calls::lock(&state).close();
    }
}
