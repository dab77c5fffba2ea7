//! What the tests of content share: it is asked for in the whole process, so they take turns.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use throughline::llm::{Content, set_content};

/// Runs `code` while content is recorded as `content` says.
pub(crate) fn captured<R>(content: impl Into<Option<Content>>, code: impl FnOnce() -> R) -> R {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    set_content(content);
    let result = code();
    set_content(None);
    result
}

/// The value of an attribute as the JSON that it is.
#[track_caller]
pub(crate) fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}
