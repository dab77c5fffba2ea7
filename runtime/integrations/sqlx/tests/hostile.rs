//! Contexts as nobody should make them, on queries with comments: what SQLite gets, and what is logged beside.

#![cfg(feature = "sqlite")]

use std::sync::Mutex;

use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqlitePoolOptions;
use throughline::logs::JsonLayer;
use throughline::testing::capture_async;
use throughline::{Context, ContextParts, Flags, FutureExt, RequestId};
use throughline_sqlx::SqlitePool;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter as _;
use tracing_subscriber::prelude::*;

/// What is logged.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn context(text: &str) -> Context {
    Context::from(ContextParts {
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
        span_id: "00f067aa0ba902b7".parse().ok(),
        flags: Flags::SAMPLED,
        request_id: Some(RequestId::new_unchecked(text)),
        ..ContextParts::default()
    })
}

/// SQLite keeps the text of a view as it was sent: all of it.
async fn sent(pool: &SqlitePool, view: &str) -> String {
    sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = ?")
        .bind(view)
        .fetch_one(pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn no_text_gets_out_of_the_comment_or_of_its_log_line() {
    let targets = Targets::new().with_target("hostile", tracing::Level::INFO);
    let layer = JsonLayer::new().with_writer(|| LOGGED.make_writer()).with_filter(targets);
    let _subscribed = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = SqlitePool::from(options.connect("sqlite::memory:").await.unwrap());
    let with_comments = pool.clone().with_comments();
    sqlx::query("CREATE TABLE precious (id INTEGER)").execute(&pool).await.unwrap();
    let large = "\u{e9}*/'\n".repeat(200_000);
    let texts = [
        "*/; DROP TABLE precious; --",
        "' */; DROP TABLE precious; /*",
        "%27%2A%2F; DROP TABLE precious",
        "\0\n\r\u{1b}[31m\u{7f}\u{85}\u{2028}\u{202e}\u{1f980}",
        "\"}\n{\"level\":\"ERROR\",\"request_id\":\"req-forged\"}",
        "\\\",\\u0022}\\n",
        "/* /* ?1 :name @name $$",
        "",
        &large,
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let view = format!("view{number}");
        let statement = format!("CREATE VIEW {view} AS SELECT * FROM precious");
        let trace = capture_async(async {
            let create = async {
                sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&with_comments).await.unwrap();
                tracing::info!(number, "created");
            };
            create.in_context(context(text)).await;
        })
        .await;
        let span = trace.spans().next().unwrap();
        assert_eq!(span.attribute("db.query.text").unwrap(), statement.as_str(), "without the comment");
        let sent = sent(&pool, &view).await;
        let comment = sent.strip_prefix(&statement).unwrap_or_else(|| panic!("{sent:.300}"));
        let inside =
            comment.strip_prefix("\n/*request_id='").and_then(|rest| rest.strip_suffix("'*/")).unwrap();
        let (id, parent) = inside.split_once("',traceparent='").unwrap();
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)), "{id:.300}");
        assert_eq!(percent_encoding::percent_decode_str(id).decode_utf8().unwrap(), text);
        assert_eq!(parent, format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", span.span_id()));
    }
    sqlx::query("SELECT * FROM precious").execute(&pool).await.unwrap();

    let logged = String::from_utf8(LOGGED.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), texts.len());
    for (number, (line, text)) in lines.iter().zip(texts).enumerate() {
        assert_eq!((&line["number"], &line["level"]), (&number.into(), &"INFO".into()));
        assert_eq!((&line["message"], &line["request_id"]), (&"created".into(), &text.into()));
        assert_eq!(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    }
}
