//! What strangers send, through all of it: a request over HTTP, an envelope in a queue, a job, the comment of a query, and the
//! lines that all of them log. Whatever can be a request ID is one here, since the process trusts who sends it.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use http::{HeaderMap, HeaderValue};
use sqlx::sqlite::SqlitePoolOptions;
use throughline::http::ServerLayer;
use throughline::jobs::Envelope;
use throughline::logs::JsonLayer;
use throughline::propagation::{Config, Policy};
use throughline_sqlx::SqlitePool;
use throughline_tests::lines::Lines;
use throughline_tests::recorded::{Recorder, recorded};
use throughline_tests::wire::{client, serve};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// A database in memory with a queue. One connection, which never ends: it is the database.
async fn database() -> SqlitePool {
    let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = options.connect("sqlite::memory:").await.unwrap();
    sqlx::query("CREATE TABLE queue (envelope TEXT NOT NULL)").execute(&pool).await.unwrap();
    SqlitePool::from(pool).with_comments()
}

/// Puts the order into the queue.
async fn order(State(pool): State<SqlitePool>, order: String) {
    throughline::logs::bind("order", order.len());
    tracing::info!(user = throughline::baggage::get("user"), "ordered");
    let envelope = serde_json::to_string(&Envelope::new("orders", order)).unwrap();
    sqlx::query("INSERT INTO queue VALUES (?)").bind(envelope).execute(&pool).await.unwrap();
}

/// What the job found.
struct Worked {
    order: String,
    user: Option<String>,
    /// A statement as the database has got it, with its comment.
    statement: String,
}

/// Takes an order out of the queue, and works on it.
async fn work(pool: &SqlitePool) -> Worked {
    let taken = "DELETE FROM queue RETURNING envelope";
    let envelope: String = sqlx::query_scalar(taken).fetch_one(pool).await.unwrap();
    let envelope: Envelope<String> = serde_json::from_str(&envelope).unwrap();
    let run = envelope.run(async |order| {
        tracing::info!("{order:.100}");
        sqlx::raw_sql(VIEW).execute(pool).await?;
        let user = throughline::baggage::get("user");
        // SQLite keeps the text of a view as it was sent: all of it.
        let statement = "SELECT sql FROM sqlite_schema WHERE name = 'seen'";
        let statement: String = sqlx::query_scalar(statement).fetch_one(pool).await?;
        Ok::<_, sqlx::Error>(Worked { order, user, statement })
    });
    let worked = run.await.unwrap();
    sqlx::raw_sql("DROP VIEW seen").execute(pool).await.unwrap();
    worked
}

const VIEW: &str = "CREATE VIEW seen AS SELECT * FROM queue";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Orders over HTTP with these headers, works on the order, and checks what holds of every request. Returns its ID.
async fn go_through(
    recorder: &Recorder,
    (pool, server, logged): (&SqlitePool, SocketAddr, &Lines),
    headers: &[(&'static str, &[u8])],
    body: &str,
) -> String {
    let mut sent = HeaderMap::new();
    for (name, value) in headers {
        sent.append(*name, HeaderValue::from_bytes(value).unwrap());
    }
    let request = client().post(format!("http://{server}/orders")).headers(sent).body(body.to_owned());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let id = String::from_utf8(answer.headers()["x-request-id"].as_bytes().to_vec()).unwrap();
    drop(answer);
    let worked = work(pool).await;
    assert!(worked.order == body, "the order comes whole");

    let trace = recorder.take();
    let [request, job] = ["POST", "process orders"].map(|name| trace.span(name).record().clone());
    assert_eq!(request.attribute("request.id"), Some(id.as_str().into()));
    assert_eq!(job.attribute("request.id"), Some(id.as_str().into()));
    assert_eq!(job.trace_id(), request.trace_id());

    let comment = worked.statement.strip_prefix(VIEW).unwrap();
    let inside = comment.strip_prefix("\n/*request_id='").and_then(|rest| rest.strip_suffix("'*/")).unwrap();
    assert!(!inside.contains(['*', '/', '\n', ';', '"', ' ']), "{inside}");
    let (in_comment, trace_in_comment) = inside.split_once("',traceparent='00-").unwrap();
    assert_eq!(percent_encoding::percent_decode_str(in_comment).decode_utf8().unwrap(), id);
    assert!(trace_in_comment.starts_with(&request.trace_id().to_string()), "{inside}");

    let lines = logged.take_json();
    let messages: Vec<String> =
        lines.iter().map(|line| line["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(messages, ["ordered".to_owned(), "request".to_owned(), format!("{body:.100}")]);
    for line in &lines {
        assert_eq!((&line["request_id"], &line["level"]), (&id.as_str().into(), &"INFO".into()));
        assert_eq!(line["trace_id"], request.trace_id().to_string());
    }
    assert_eq!(lines[0]["order"], body.len());
    assert_eq!(lines[0]["user"].as_str(), worked.user.as_deref(), "the job knows what the request does");
    id
}

#[test]
fn what_strangers_send_stays_what_it_is_from_the_request_to_the_comment_and_the_lines() {
    let mut config = Config::default();
    config.request_ids.policy = Policy::Trust;
    config.install().unwrap();
    let logged = Lines::default();
    let layer = JsonLayer::new().with_writer(logged.clone());
    let lines = tracing_subscriber::registry().with(layer.with_filter(LevelFilter::INFO));
    tracing::subscriber::set_global_default(lines).unwrap();

    let longest = "\u{1f9a6}".repeat(256);
    let ids = [
        "*/; DROP TABLE queue; --",
        "'*/;DROP TABLE queue;/*' OR ''='",
        "\"}{\"level\":\"ERROR\",\"request_id\":\"req-forged\"",
        "%0A%27%2A%2F\\u0022\\n\\",
        "a\u{2028}b\u{202e}c\u{feff}d\u{fffd}\u{e9}",
        "req-a,req-b;c=d",
        &longest,
    ];
    let huge = "\u{0}\"\\\r\n\u{1f9a6}".repeat(1 << 17);
    let bodies = [
        "",
        "\u{0}\r\n\u{1b}[31m\u{7f}\u{2028}",
        "\"}\n{\"level\":\"ERROR\",\"message\":\"forged\"}\n",
        "\",\"context\":{\"X-Request-ID\":\"req-forged\"},\"payload\":\"",
        &huge,
    ];
    recorded(async |recorder| {
        let pool = database().await;
        let app = Router::new().route("/orders", post(order)).layer(DefaultBodyLimit::disable());
        let server = serve(app.with_state(pool.clone()).layer(ServerLayer::new())).await;
        let through = (&pool, server, &logged);
        for (number, sent) in ids.into_iter().enumerate() {
            let headers = [
                ("x-request-id", sent.as_bytes()),
                ("traceparent", PARENT.as_bytes()),
                ("baggage", b"user=%0A%22%7D%2A%2F%00%F0%9F%A6%A6;p=1,x=y"),
            ];
            let id = go_through(recorder, through, &headers, bodies[number % bodies.len()]).await;
            assert_eq!(id, sent);
        }
        let large = vec![b'x'; 100_000];
        let list = b"user=ada,".repeat(10_000);
        for headers in [
            &[("x-request-id", &b"a"[..]), ("x-request-id", b"b"), ("traceparent", PARENT.as_bytes())][..],
            &[("x-request-id", b"\xff\xfe"), ("baggage", b"user=\xff")],
            &[("x-request-id", &large), ("tracestate", &large), ("baggage", &list), ("traceparent", &large)],
        ] {
            for body in bodies {
                let id = go_through(recorder, through, headers, body).await;
                assert!(id.starts_with("req-"), "{id}");
            }
        }
    });
}
