//! `/v1/chat/completions`: a turn of the model, sent token by token.

use std::io;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::fault::Trouble;
use super::wire::Path;
use super::{Shared, frames, tokens, turn};

/// How long the model takes for each token after the first.
const PER_TOKEN: Duration = Duration::from_millis(1);

/// Answers one request, unless it is time for something to go wrong.
pub(super) fn answer(shared: &Shared, body: &str) -> anyhow::Result<Response> {
    let request: Value = serde_json::from_str(body).context("the body is no JSON")?;
    anyhow::ensure!(request["stream"] == true, "this model only streams");
    let trouble = shared.faults.iter().find_map(|fault| fault.strikes(&request));
    if let Some(Trouble::TurnedAway(wait)) = trouble {
        return turned_away(shared, body, wait);
    }
    let number = shared.wire.number();
    let mut frames = frames::of(&turn::reply(&request), &request, tokens::of_prompt(body)?, number);
    let is_cut_off = trouble == Some(Trouble::CutOff);
    if is_cut_off {
        frames.truncate(frames.len() / 2);
    }
    shared.wire.record(Path::Chat, 200, body, &frames.concat())?;
    let body = paced(frames, is_cut_off, shared.first_token_delay);
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], body).into_response())
}

fn turned_away(shared: &Shared, body: &str, wait: Duration) -> anyhow::Result<Response> {
    let message = format!("Rate limit reached. Please try again in {wait:?}.");
    let error = json!({"error": {"message": message, "type": "requests", "code": "rate_limit_exceeded"}});
    let error = error.to_string();
    shared.wire.record(Path::Chat, 429, body, &error)?;
    // The header that everyone knows has whole seconds.
    let retry_after = if wait.subsec_millis() == 0 {
        ("retry-after", wait.as_secs().to_string())
    } else {
        ("retry-after-ms", wait.as_millis().to_string())
    };
    let headers = [("content-type", "application/json".to_owned()), retry_after];
    Ok((StatusCode::TOO_MANY_REQUESTS, headers, error).into_response())
}

/// Sends the frames one by one, the first after the delay. What is cut off ends with an error: the connection is closed.
fn paced(frames: Vec<String>, is_cut_off: bool, first_token_delay: Duration) -> Body {
    let cut = is_cut_off.then(|| Err(io::Error::other("cut off")));
    let frames = frames.into_iter().map(Ok).chain(cut);
    Body::from_stream(stream::iter(frames.enumerate()).then(move |(at, frame)| async move {
        sleep(if at == 0 { first_token_delay } else { PER_TOKEN }).await;
        frame
    }))
}
