//! reqwest and `serde_json::Value`: what the providers send, as it is.

mod anthropic;
mod chat;
mod gemini;
mod responses;

use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use serde_json::Value;
use throughline::testing::Trace;
use throughline::{llm, llm_span};
use throughline_clients::table::{Proof, Row};
use throughline_clients::{Fixture, record};

use crate::{Aimock, seen};

pub(crate) fn rows() -> Option<Vec<Row>> {
    [chat::evidence(), responses::evidence(), anthropic::evidence(), gemini::evidence()].into_iter().collect()
}

/// A whole response and a stream over HTTP, and a response that was written down.
fn row(asked: &'static str, http: [Option<Trace>; 2], written: &Trace) -> Option<Row> {
    let [whole, stream] = http;
    let seen = vec![seen(Proof::Http, &whole?), seen(Proof::Http, &stream?), seen(Proof::Written, written)];
    Some(Row { client: "reqwest", asked, seen, lacks: &[] })
}

async fn post(url: String, body: Value) -> Result<reqwest::Response, reqwest::Error> {
    reqwest::Client::new().post(url).json(&body).send().await?.error_for_status()
}

/// The JSON of server-sent events.
fn events(response: reqwest::Response) -> impl Stream<Item = Result<Value, reqwest::Error>> {
    let mut rest = String::new();
    let lines = response.bytes_stream().map_ok(move |bytes| {
        rest += &String::from_utf8_lossy(&bytes);
        let end = rest.rfind('\n').map_or(0, |end| end + 1);
        let whole: String = rest.drain(..end).collect();
        let data: Vec<_> =
            whole.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect();
        stream::iter(data.into_iter().filter_map(|data| serde_json::from_str(&data).ok()).map(Ok))
    });
    lines.try_flatten()
}

/// The response, or nothing once its chunks were recorded.
async fn answer(response: reqwest::Response, is_stream: bool) -> Result<Value, reqwest::Error> {
    if !is_stream {
        return response.json().await;
    }
    let mut events = std::pin::pin!(events(response));
    while let Some(event) = events.next().await {
        llm::record_chunk(&event?);
    }
    Ok(Value::Null)
}

fn over_http<F: Future<Output = Result<Value, reqwest::Error>>>(
    fixtures: &Value,
    ask: impl FnOnce(Aimock) -> F,
) -> Option<Trace> {
    let server = Aimock::start(fixtures)?;
    Some(record(async || drop(ask(server).await.expect("a response"))))
}

fn written(provider: &str, file: &str) -> Trace {
    #[llm_span(provider = provider)]
    fn response(provider: &str, file: &str) -> Value {
        Fixture::read(file).body()
    }
    record(async || drop(response(provider, file)))
}
