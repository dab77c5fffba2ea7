//! When a model call is tried again, and how long after.

use std::time::Duration;

use async_openai::error::OpenAIError;
use tokio::time::sleep;

/// How often a call is tried.
const ATTEMPTS: u32 = 3;
/// The pause after the first attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// A server's refusal that says how long to wait, which async-openai's own error leaves out.
#[derive(Debug)]
pub struct TurnedAway {
    /// As the server wants it.
    pub wait: Duration,
}

impl std::fmt::Display for TurnedAway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "turned away, for {:?} at least", self.wait)
    }
}

impl std::error::Error for TurnedAway {}

/// The attempts of one call, so far.
#[derive(Debug)]
pub struct Retry {
    attempt: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempt: 1 }
    }
}

impl Retry {
    /// Whether to try again after this error. If so, it has waited until the next attempt is due.
    pub async fn follows(&mut self, error: &OpenAIError) -> bool {
        let attempt = self.attempt;
        if attempt >= ATTEMPTS || !is_transient(error) {
            return false;
        }
        tracing::warn!(attempt, %error, "the model did not answer, trying again");
        // What the server asks for, or a pause of our own.
        let pause = FIRST_PAUSE * 2_u32.pow(attempt - 1);
        sleep(turned_away(error).map_or(pause, |refusal| refusal.wait)).await;
        self.attempt += 1;
        true
    }
}

/// Whether the same call may well succeed in a moment: the server says so, or the connection is to blame.
fn is_transient(error: &OpenAIError) -> bool {
    match error {
        OpenAIError::ApiError(response) => {
            response.status_code.is_server_error() || response.status_code.as_u16() == 429
        }
        OpenAIError::Reqwest(error) => error.is_connect() || error.is_timeout(),
        // A stream that broke off.
        OpenAIError::StreamError(_) => true,
        _ => turned_away(error).is_some(),
    }
}

fn turned_away(error: &OpenAIError) -> Option<&TurnedAway> {
    match error {
        OpenAIError::Boxed(error) => error.downcast_ref(),
        _ => None,
    }
}
