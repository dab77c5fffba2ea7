//! A server that speaks Telegram's Bot API over HTTP, as far as a bot that polls for messages and answers them needs it: the
//! methods, their parameters and their answers are as <https://core.telegram.org/bots/api> says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use teloxide::dispatching::UpdateHandler;
use teloxide::prelude::*;
use throughline::Pipeline;
use throughline::testing::{MemorySink, Trace};
use tokio::sync::Notify;

/// Of the form that tokens have.
pub(crate) const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX";

/// What came of a bot's run.
pub(crate) struct Seen {
    pub(crate) trace: Trace,
    /// The parameters of each `sendMessage`, and the headers it came with.
    pub(crate) sent: Vec<(Value, HeaderMap)>,
    /// Whether the dispatcher ended without a panic.
    pub(crate) has_ended: bool,
}

struct Telegram {
    updates: Vec<Value>,
    sent: Mutex<Vec<(Value, HeaderMap)>>,
    /// The bot asked for what follows all updates: it has them all.
    all_taken: Notify,
}

/// Runs a bot with these handlers until it has worked on these updates.
pub(crate) fn run<E>(updates: Vec<Value>, handler: UpdateHandler<E>) -> Seen
where
    E: std::fmt::Debug + Send + Sync + 'static,
{
    let memory = MemorySink::new();
    let pipeline = Pipeline::builder().sink(memory.clone()).start().unwrap();
    let entered = pipeline.enter();
    let telegram = Arc::new(Telegram { updates, sent: Mutex::default(), all_taken: Notify::new() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let has_ended = runtime.block_on(dispatch(Arc::clone(&telegram), handler));
    drop((runtime, entered));
    assert!(pipeline.flush(std::time::Duration::from_secs(60)));
    let sent = std::mem::take(&mut *telegram.sent.lock().unwrap());
    Seen { trace: memory.take(), sent, has_ended }
}

async fn dispatch<E>(telegram: Arc<Telegram>, handler: UpdateHandler<E>) -> bool
where
    E: std::fmt::Debug + Send + Sync + 'static,
{
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/{bot}/{method}", post(answer)).with_state(Arc::clone(&telegram));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let bot = Bot::new(TOKEN).set_api_url(format!("http://{address}").parse().unwrap());
    let mut dispatcher = Dispatcher::builder(bot, handler).build();
    let shutdown = dispatcher.shutdown_token();
    let dispatched = tokio::spawn(async move { dispatcher.dispatch().await });
    telegram.all_taken.notified().await;
    drop(shutdown.shutdown().unwrap());
    dispatched.await.is_ok()
}

async fn answer(
    State(telegram): State<Arc<Telegram>>,
    Path((bot, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    assert_eq!(bot, format!("bot{TOKEN}"));
    let parameters: Value = serde_json::from_slice(&body).unwrap();
    let answer = match method.as_str() {
        "GetMe" => Ok(json!({
            "id": 110201543, "is_bot": true, "first_name": "Shop", "username": "shop_bot",
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
            "can_connect_to_business": false, "has_main_web_app": false,
        })),
        "GetWebhookInfo" => {
            Ok(json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0}))
        }
        "GetUpdates" => Ok(telegram.updates_after(&parameters).await),
        "SendMessage" => telegram.send(parameters, headers),
        method => panic!("the bot calls {method}"),
    };
    match answer {
        Ok(result) => (StatusCode::OK, json!({"ok": true, "result": result}).to_string()),
        Err(description) => {
            let error = json!({"ok": false, "error_code": 403, "description": description});
            (StatusCode::FORBIDDEN, error.to_string())
        }
    }
}

impl Telegram {
    /// Those from an offset on. Without any, the answer takes as long as was asked for: here, until the bot is stopped, which
    /// asks once more without waiting.
    async fn updates_after(&self, parameters: &Value) -> Value {
        let offset = parameters["offset"].as_i64().unwrap_or_default();
        let is_next = |update: &&Value| update["update_id"].as_i64().unwrap() >= offset;
        let next: Vec<&Value> = self.updates.iter().filter(is_next).collect();
        if next.is_empty() && parameters["timeout"].as_u64().is_some_and(|seconds| seconds > 0) {
            self.all_taken.notify_one();
            return std::future::pending().await;
        }
        json!(next)
    }

    /// A user who blocked the bot gets no message.
    fn send(&self, parameters: Value, headers: HeaderMap) -> Result<Value, &'static str> {
        let is_blocked = parameters["chat_id"] == BLOCKED;
        let (chat, text) = (&parameters["chat_id"], &parameters["text"]);
        let message = json!({
            "message_id": 7, "date": 1_700_000_000, "text": text,
            "chat": {"id": chat, "type": "private", "first_name": "Ada"},
        });
        self.sent.lock().unwrap().push((parameters, headers));
        if is_blocked { Err("Forbidden: bot was blocked by the user") } else { Ok(message) }
    }
}

/// The ID of a user who blocked the bot.
pub(crate) const BLOCKED: i64 = 666;

/// An update with a message of this user.
pub(crate) fn message(update_id: u32, user: i64, text: &str) -> Value {
    json!({
        "update_id": update_id,
        "message": {
            "message_id": update_id, "date": 1_700_000_000, "text": text,
            "chat": {"id": user, "type": "private", "first_name": "Ada", "username": "ada_l"},
            "from": {"id": user, "is_bot": false, "first_name": "Ada", "username": "ada_l"},
        },
    })
}
