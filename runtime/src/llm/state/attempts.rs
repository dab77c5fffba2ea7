//! Attempts of a call, and streams in them that came to no good end.

use super::State;
use crate::context::key::Key;
use crate::llm::moment::Moment;
use crate::llm::observed::{Observed, Text};
use crate::llm::write;
use crate::span::{Outcome, current};

/// Why more attempts than this failed is not kept.
const ATTEMPT_ERRORS: usize = 32;

/// How a stream ended that did not come to its end.
#[derive(Debug)]
pub(in crate::llm) enum BadEnd {
    Broke { error_type: String, message: String },
    CutOff,
}

impl BadEnd {
    fn write_on(&self, span: &Key) {
        match self {
            Self::Broke { error_type, message } => current::fail_on(span, error_type, message),
            Self::CutOff => current::set_outcome_on(span, Outcome::Cancelled),
        }
    }
}

impl State {
    /// A stream of the call came to no good end; in an attempt that may be followed by another one, this says nothing of
    /// the call yet.
    pub(in crate::llm) fn ends_badly(&mut self, end: BadEnd, is_in_attempt: bool) {
        if is_in_attempt {
            self.unsettled = Some(end);
        } else {
            end.write_on(&self.key);
        }
    }

    /// An attempt begins: which one it is, and how many seconds after the one before it.
    pub(in crate::llm) fn attempt_begins(&mut self, now: Moment) -> (u64, Option<f64>) {
        self.attempts += 1;
        self.asked = Some(now);
        if self.streams == 0 {
            self.forget_answer();
        }
        if !self.is_guarded {
            write::attempts_on(self);
        }
        (self.attempts, self.last_attempt_ended.map(|ended| now.seconds_since(ended)))
    }

    /// What comes now is another answer to the same call: of the one before it counts what was used.
    fn forget_answer(&mut self) {
        if self.seen.has_usage() || self.content > 0 {
            self.next_response();
            self.earlier.calls = self.earlier.calls.saturating_sub(1);
        } else {
            self.seen = Observed::default();
        }
        self.forget_chunks();
    }

    /// The model has said nothing yet.
    pub(super) fn forget_chunks(&mut self) {
        self.content = 0;
        (self.chunks, self.first_chunk, self.first_content, self.last_chunk) = (0, None, None, None);
    }

    /// An attempt ended, with this error if it failed.
    pub(in crate::llm) fn attempt_ended(&mut self, now: Moment, error: Option<Text>) {
        self.last_attempt_ended = Some(now);
        if let Some(end) = self.unsettled.take().filter(|_| error.is_none()) {
            end.write_on(&self.key);
        }
        if self.attempt_errors.len() < ATTEMPT_ERRORS {
            self.attempt_errors.extend(error);
        }
        if !self.is_guarded && error.is_some() {
            write::attempts_on(self);
        }
    }
}
