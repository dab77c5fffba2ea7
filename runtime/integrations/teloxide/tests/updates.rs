//! Updates of a bot that polls a server over HTTP, through teloxide's dispatcher.

mod telegram;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::json;
use telegram::{BLOCKED, Seen, TOKEN, message, run};
use teloxide::RequestError;
use teloxide::dispatching::UpdateHandler;
use teloxide::prelude::*;
use teloxide::types::Me;
use throughline::span::{Kind, Outcome};
use throughline::testing::SpanRecord;
use throughline::{RequestId, traced};
use throughline_teloxide::{RequestExt, UpdateLayer};

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn layer<E>() -> UpdateLayer<E> {
    UpdateLayer::new().commands(["/start", "help"])
}

async fn reply(bot: Bot, message: Message, id: RequestId) -> ResponseResult<()> {
    bot.send_message(message.chat.id, format!("this is {id}")).send_traced().await?;
    Ok(())
}

fn replying() -> UpdateHandler<RequestError> {
    layer().wrap(dptree::entry().branch(Update::filter_message().endpoint(reply)))
}

/// Everything that was recorded, as text.
fn recorded(seen: &Seen) -> String {
    format!("{:?}", seen.trace.spans().collect::<Vec<_>>())
}

#[test]
fn every_update_is_a_request_whose_id_a_reply_can_quote() {
    let seen = run(vec![message(1, 7, "hello"), message(2, 8, "/start now")], replying());
    assert!(seen.has_ended);
    seen.trace.assert_tree(
        "
        telegram message /start [consumer]
          telegram sendMessage [client]
        telegram message [consumer]
          telegram sendMessage [client]
        ",
    );
    let ids: BTreeSet<String> = seen.trace.roots().map(|root| root.request_id().unwrap()).collect();
    let quoted: BTreeSet<String> = seen
        .sent
        .iter()
        .map(|(sent, _)| sent["text"].as_str().unwrap().strip_prefix("this is ").unwrap().to_owned())
        .collect();
    assert_eq!((ids.len(), &ids), (2, &quoted));
    for root in seen.trace.roots() {
        assert_eq!(root.request_id().unwrap(), RequestId::of_trace(root.trace_id()).to_string());
        assert_eq!(root.attribute("telegram.update.kind").unwrap(), "message");
        assert_eq!(root.attribute("telegram.chat.type").unwrap(), "private");
    }
    let start = seen.trace.span("telegram message /start");
    assert_eq!(start.attribute("telegram.command").unwrap(), "start");
    assert_eq!(start.attribute("telegram.update.id").unwrap(), 2);
    let call = seen.trace.span("telegram message").child("telegram sendMessage");
    assert_eq!(
        (call.kind(), call.attribute("telegram.method").unwrap()),
        (Kind::Client, "sendMessage".into())
    );
}

#[test]
fn neither_texts_nor_names_nor_ids_nor_the_token_are_recorded_unless_ids_are_asked_for() {
    let updates = || vec![message(1, 777_123, "my secret"), message(2, BLOCKED, "/help my secret")];
    let seen = run(updates(), replying());
    let secret = TOKEN.split_once(':').unwrap().1;
    let text = recorded(&seen);
    for personal in ["secret", "777123", "ada_l", "Ada", secret, "110201543"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    let handler = layer().record_ids().wrap(Update::filter_message().endpoint(reply));
    let seen = run(updates(), handler);
    let span = seen.trace.span("telegram message");
    assert_eq!(span.attribute("telegram.chat.id").unwrap(), 777_123);
    assert_eq!(span.attribute("user.id").unwrap(), "777123");
    assert!(!recorded(&seen).contains("secret"));
    let (_, headers) = &seen.sent[0];
    let names: BTreeSet<&str> = headers.keys().map(|name| name.as_str()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["accept", "content-length", "content-type", "host"]),
        "no context goes out"
    );
}

#[traced(name = "look up")]
async fn look_up(ids: Ids) {
    ids.lock().unwrap().extend(throughline::request_id());
}

#[derive(Clone, Default)]
struct Ids(Arc<Mutex<Vec<RequestId>>>);

impl std::ops::Deref for Ids {
    type Target = Mutex<Vec<RequestId>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[test]
fn tasks_that_a_handler_starts_belong_to_its_update() {
    let ids = Ids::default();
    let given = ids.clone();
    let endpoint = move |id: RequestId, _: Me| {
        let ids = given.clone();
        async move {
            ids.lock().unwrap().push(id);
            throughline::spawn(async { tokio::spawn(look_up(ids)).await.unwrap() }).await?;
            Ok::<_, Failed>(())
        }
    };
    let handler = layer().wrap(Update::filter_message().endpoint(endpoint));
    let seen = run(vec![message(1, 7, "one"), message(2, 8, "two")], handler);
    let tree = "telegram message [consumer]\n  look up";
    seen.trace.assert_tree(&format!("{tree}\n{tree}"));
    let ids = std::mem::take(&mut *ids.lock().unwrap());
    let given: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
    assert_eq!((ids.len(), given.len()), (4, 2), "injected and current agree: {ids:?}");
}

/// The span of the one update.
fn only(seen: &Seen) -> SpanRecord {
    seen.trace.root().record().clone()
}

#[test]
fn what_a_handler_returns_decides_how_its_update_ended() {
    let failing =
        layer().wrap(Update::filter_message().endpoint(async || Err::<(), Failed>("no stock".into())));
    let seen = run(vec![message(1, 7, "/start")], failing);
    let span = only(&seen);
    assert_eq!((span.outcome(), span.message()), (Outcome::Error, Some("no stock")));
    assert!(span.attribute("error.type").unwrap().as_str().unwrap().contains("dyn core::error::Error"));
    assert!(seen.has_ended);

    let seen = run(vec![message(1, BLOCKED, "/start")], replying());
    seen.trace.assert_tree(
        "
        telegram message /start [consumer] error: A Telegram's error: Forbidden: bot was blocked by the user
          telegram sendMessage [client] error: A Telegram's error: Forbidden: bot was blocked by the user
        ",
    );
    let call = seen.trace.span("telegram sendMessage");
    assert_eq!(call.attribute("error.type").unwrap(), "api");

    let panicking = layer().wrap(
        Update::filter_message()
            .endpoint(async |_: Message| -> Result<(), Failed> { panic!("a bug of the bot") }),
    );
    let seen = run(vec![message(1, 7, "hello")], panicking);
    assert_eq!(only(&seen).outcome(), Outcome::Panicked);
    assert!(!seen.has_ended, "the panic goes on");
}

#[test]
fn an_update_that_nobody_takes_says_so() {
    let handler = layer::<Failed>().wrap(
        dptree::entry().branch(dptree::filter(|message: Update| message.id.0 == 0).endpoint(async || Ok(()))),
    );
    let query = json!({
        "update_id": 1,
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": true,
            "is_anonymous": true, "type": "regular", "allows_multiple_answers": false,
        },
    });
    let seen = run(vec![query], handler);
    let span = only(&seen);
    assert_eq!((span.name(), span.outcome()), ("telegram poll", Outcome::Ok));
    assert_eq!(span.attribute("telegram.update.handled").unwrap(), false);
    assert_eq!(span.attribute("telegram.chat.type"), None);
}

#[test]
fn errors_can_be_handled_inside_of_the_request() {
    let ids = Ids::default();
    let given = ids.clone();
    let on_error = move |error: Failed| {
        given.lock().unwrap().extend(throughline::request_id());
        async move { assert_eq!(error.to_string(), "no stock") }
    };
    let handler = Update::filter_message().endpoint(async || Err::<(), Failed>("no stock".into()));
    let seen = run(vec![message(1, 7, "hello")], layer().error_handler(Arc::new(on_error)).wrap(handler));
    let span = only(&seen);
    assert_eq!(span.outcome(), Outcome::Error);
    assert_eq!(*ids.lock().unwrap(), [RequestId::of_trace(span.trace_id())]);
}

#[test]
fn texts_of_strangers_name_no_spans() {
    let long = format!("/{}", "start".repeat(800));
    let hostile = [
        "/start\u{0}",
        "/start\u{1b}[31m",
        "/help@other_bot",
        "/Start",
        "/",
        "//start",
        "\u{202e}/start",
        "/start\"} 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        &long,
    ];
    let updates = (1..).zip(7..).zip(hostile).map(|((id, user), text)| message(id, user, text)).collect();
    let seen = run(updates, replying());
    let names: BTreeSet<&str> = seen.trace.roots().map(|root| root.record().name()).collect();
    assert_eq!((seen.trace.roots().count(), names), (9, BTreeSet::from(["telegram message"])));
    for (sent, _) in &seen.sent {
        let id = sent["text"].as_str().unwrap().strip_prefix("this is ").unwrap();
        assert!(RequestId::is_valid(id.as_bytes()), "{id:?}");
    }
    let addressed = run(vec![message(1, 7, "/help@SHOP_BOT please")], replying());
    assert_eq!(only(&addressed).name(), "telegram message /help");
}

#[test]
fn with_tracing_off_handlers_get_a_request_id_all_the_same() {
    let ids = Ids::default();
    let given = ids.clone();
    let endpoint = move |id: RequestId| {
        given.lock().unwrap().extend([Some(id), throughline::request_id()].into_iter().flatten());
        async { Ok::<_, Failed>(()) }
    };
    let handler = layer().wrap(dptree::endpoint(endpoint));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let flow = runtime.block_on(handler.dispatch(dptree::deps![]));
    assert!(matches!(flow, std::ops::ControlFlow::Break(Ok(()))));
    let ids = ids.lock().unwrap();
    assert!(matches!(&ids[..], [injected, current] if injected == current), "{ids:?}");
}
