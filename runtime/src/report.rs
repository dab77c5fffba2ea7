//! What Throughline has to say about itself: on stderr, never through the telemetry it is about.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use crate::unprintable::clean;

/// Says `message` once for each `topic` and process.
pub(crate) fn once(topic: &str, message: &str) {
    static SAID: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if said.get_or_insert_default().insert(topic.to_owned()) {
        say(message);
    }
}

/// Says `message`, which may quote what came from outside, on one line. A closed stderr is no reason to fail.
pub(crate) fn say(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "throughline: {}", clean(message));
}
