//! Updates as nobody should send them: what handlers get of them, what bots answer, and what is recorded and logged.

mod telegram;

use std::sync::Mutex;

use serde_json::Value;
use telegram::{Seen, message, run};
use teloxide::RequestError;
use teloxide::prelude::*;
use throughline::RequestId;
use throughline::logs::JsonLayer;
use throughline::testing::OwnedValue;
use throughline_teloxide::{RequestExt, UpdateLayer};
use tracing_subscriber::fmt::MakeWriter as _;
use tracing_subscriber::prelude::*;

/// What is logged.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Logs what came, as bots do that somebody looks for a mistake in, and sends it back.
async fn echo(bot: Bot, message: Message, id: RequestId) -> ResponseResult<()> {
    let (text, name) = (message.text().unwrap(), &message.from.as_ref().unwrap().first_name);
    throughline::logs::bind("user", name.as_str());
    tracing::info!(%id, "{text}");
    bot.send_message(message.chat.id, text).send_traced().await?;
    Ok(())
}

/// What a bot made of messages with these texts, whose senders are called the same, and the lines that it logged.
fn echoed(texts: &[&str]) -> (Seen, Vec<Value>) {
    let layer = JsonLayer::new().with_writer(|| LOGGED.make_writer());
    let layer = layer
        .with_filter(tracing_subscriber::filter::Targets::new().with_target("hostile", tracing::Level::INFO));
    let _subscribed = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let handler = UpdateLayer::<RequestError>::new().commands(["start"]).record_ids();
    let handler = handler.wrap(Update::filter_message().endpoint(echo));
    let update = |((id, user), text): ((u32, i64), &&str)| {
        let mut update = message(id, user, text);
        update["message"]["from"]["first_name"] = (*text).into();
        update
    };
    let updates = (1..).zip(7..).zip(texts).map(update);
    let seen = run(updates.collect(), handler);
    assert!(seen.has_ended, "no handler panicked");
    let logged = String::from_utf8(std::mem::take(&mut *LOGGED.lock().unwrap())).unwrap();
    (seen, logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn texts_of_strangers_reach_handlers_whole_and_forge_no_line() {
    let longest = "\u{1f9a6}".repeat(4096);
    let huge = "/start ".repeat(100_000);
    let many = "\n{\"level\":\"ERROR\",\"request_id\":\"req-forged\"}".repeat(500);
    let texts = [
        "\u{0}\r\n\u{1b}[31m\u{7f}\u{85}\u{2028}\u{202e}\u{feff}\u{fffd}",
        "\"}\n{\"timestamp\":\"2026-01-01T00:00:00Z\",\"level\":\"ERROR\",\"message\":\"forged\"}",
        "/start x-request-id: req-forged\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "\\\",\\u0022}\\n",
        &longest,
        &huge,
        &many,
    ];
    let (seen, lines) = echoed(&texts);
    assert_eq!(
        (seen.trace.roots().count(), seen.sent.len(), lines.len()),
        (texts.len(), texts.len(), texts.len())
    );
    for text in texts {
        let line =
            lines.iter().find(|line| line["message"] == text).unwrap_or_else(|| panic!("{text:.300?}"));
        let id = line["request_id"].as_str().unwrap();
        assert!(id.starts_with("req-") && id != "req-forged", "{id}");
        assert_eq!((&line["id"], &line["user"], &line["level"]), (&id.into(), &text.into(), &"INFO".into()));
        let update = seen.trace.roots().find(|root| root.request_id().as_deref() == Some(id)).unwrap();
        assert_eq!(line["trace_id"], update.trace_id().to_string());
        let is_command = text.starts_with("/start ");
        assert_eq!(
            (update.name(), update.parent_id()),
            (if is_command { "telegram message /start" } else { "telegram message" }, None)
        );
        assert_eq!(update.child("telegram sendMessage").attribute("telegram.method").unwrap(), "sendMessage");
        let chat = update.attribute("telegram.chat.id").unwrap();
        let is_answer = |sent: &Value| sent["chat_id"].as_i64().map(OwnedValue::from) == Some(chat.clone());
        let (sent, headers) = seen.sent.iter().find(|(sent, _)| is_answer(sent)).unwrap();
        assert_eq!(sent["text"], text);
        assert!(headers.get("x-request-id").is_none() && headers.get("traceparent").is_none());
    }
    let recorded = format!("{:?}", seen.trace.spans().collect::<Vec<_>>());
    assert!(recorded.len() < 64 << 10 && !recorded.contains("forged"), "{} bytes", recorded.len());
}
