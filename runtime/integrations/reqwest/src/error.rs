//! What an error says, without the URL: that is recorded elsewhere, without its credentials.

use std::error::Error;

/// The kind of an error, one of few.
pub(crate) fn kind(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else if error.is_redirect() {
        "redirect"
    } else {
        "reqwest::Error"
    }
}

/// The causes of an error, from the nearest on.
pub(crate) fn message(error: &reqwest::Error) -> String {
    let mut message = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        if !message.is_empty() {
            message.push_str(": ");
        }
        message.push_str(&error.to_string());
        cause = error.source();
    }
    if message.is_empty() { kind(error).to_owned() } else { message }
}
