//! Queries on a real PostgreSQL.

#![cfg(feature = "postgres")]

use std::sync::{Arc, Mutex, PoisonError, Weak};

use sqlx::{Executor, Row};
use throughline::testing::{Trace, capture_async};
use throughline::{Context, ContextParts, Flags, FutureExt, RequestId, traced};
use throughline_sqlx::PgPool;
use throughline_test_servers::Postgres;

/// The server that the tests share while one of them runs.
fn server() -> Option<Arc<Postgres>> {
    static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let server = shared.upgrade().or_else(|| Postgres::start().map(Arc::new))?;
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// Runs `test` with a pool of its own.
#[track_caller]
fn with_pool(test: impl AsyncFnOnce(PgPool, &Postgres)) {
    let Some(server) = server() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = PgPool::from(sqlx::PgPool::connect(&server.url()).await.unwrap());
        test(pool.clone(), &server).await;
        pool.inner().close().await;
    });
}

fn attribute(trace: &Trace, span: &str, key: &str) -> String {
    let value = trace.span(span).attribute(key);
    value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
}

#[traced]
async fn insert(pool: &PgPool) -> sqlx::Result<i32> {
    let mut transaction = pool.begin().await?;
    transaction.execute("CREATE TEMP TABLE tree_items (id SERIAL PRIMARY KEY, name TEXT NOT NULL)").await?;
    let id = sqlx::query_scalar("INSERT INTO tree_items (name) VALUES ($1) RETURNING id");
    let id = id.bind("tea").fetch_one(&mut *transaction).await?;
    transaction.rollback().await?;
    Ok(id)
}

#[test]
fn queries_say_where_they_went_and_what_came_of_them() {
    with_pool(async |pool, server| {
        let trace = capture_async(async { assert_eq!(insert(&pool).await.unwrap(), 1) }).await;
        assert_eq!(
            trace.tree().by_time().with(["db.response.returned_rows"]),
            "
            insert
              BEGIN [client]
              CREATE TABLE tree_items [client] {db.response.returned_rows: 0}
              INSERT tree_items [client] {db.response.returned_rows: 1}
              ROLLBACK [client]
            "
        );
        for (key, expected) in [
            ("db.system.name", "postgresql"),
            ("db.namespace", "postgres"),
            ("server.address", "127.0.0.1"),
            ("server.port", &server.address().port().to_string()),
            ("db.query.text", "INSERT INTO tree_items (name) VALUES ($1) RETURNING id"),
            ("db.operation.name", "INSERT"),
            ("db.collection.name", "tree_items"),
        ] {
            assert_eq!(attribute(&trace, "INSERT tree_items", key), expected, "{key}");
        }
    });
}

#[test]
fn errors_have_their_sqlstate_and_quote_no_value() {
    with_pool(async |pool, _| {
        let trace = capture_async(async {
            let mut connection = pool.acquire().await.unwrap();
            connection.execute("CREATE TEMP TABLE unique_items (name TEXT PRIMARY KEY)").await.unwrap();
            for _ in 0..2 {
                let insert = sqlx::query("INSERT INTO unique_items VALUES ($1)").bind("secret");
                let _ = insert.execute(&mut *connection).await;
            }
            let cast =
                sqlx::query("SELECT $1::text::integer").bind("secret").fetch_one(&mut *connection).await;
            assert!(cast.unwrap_err().to_string().contains("secret"), "the caller gets all of it");
            connection.execute("SELECT 'secret'::integer").await.unwrap_err();
            connection.execute("SELECT FROM nowhere").await.unwrap_err();
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())").await.unwrap_err();
        })
        .await;
        assert_eq!(
            trace.tree().by_time().with(["db.response.status_code", "error.type"]),
            r#"
            CREATE TABLE unique_items [client]
            INSERT unique_items [client]
            INSERT unique_items [client] error: duplicate key value violates unique constraint "unique_items_pkey" {db.response.status_code: "23505", error.type: "23505"}
            SELECT [client] error: data exception {db.response.status_code: "22P02", error.type: "22P02"}
            SELECT [client] error: data exception {db.response.status_code: "22P02", error.type: "22P02"}
            SELECT nowhere [client] error: relation "nowhere" does not exist {db.response.status_code: "42P01", error.type: "42P01"}
            SELECT [client] error: terminating connection due to administrator command {db.response.status_code: "57P01", error.type: "57P01"}
            "#
        );
        assert!(!format!("{trace:?}").contains("secret"), "{trace:?}");
    });
}

/// What the server says that it runs: the statement that asks.
const WHAT_RUNS: &str = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()";

#[test]
fn a_comment_tells_the_server_the_request_and_the_span_of_the_query() {
    with_pool(async |pool, _| {
        let pool = pool.with_comments();
        let mut seen = String::new();
        let trace = capture_async(async {
            seen = sqlx::query_scalar(WHAT_RUNS).fetch_one(&pool).await.unwrap();
            let with_comment =
                "SELECT query -- not the end\nFROM pg_stat_activity WHERE pid = pg_backend_pid() -- the end";
            let row = sqlx::raw_sql(with_comment).fetch_one(&pool).await.unwrap();
            assert!(
                row.get::<String, _>("query").starts_with(&format!("{with_comment}\n/*request_id='req-"))
            );
        })
        .await;
        let span = trace.spans().next().unwrap();
        let expected = format!(
            "{WHAT_RUNS}\n/*request_id='{}',traceparent='00-{}-{}-03'*/",
            span.request_id().unwrap(),
            span.trace_id(),
            span.span_id()
        );
        assert_eq!(seen, expected);
        assert_eq!(span.attribute("db.query.text").unwrap(), WHAT_RUNS);
        // A pool is as it was without it.
        let plain = PgPool::from(pool.inner().clone());
        assert_eq!(sqlx::query_scalar::<_, String>(WHAT_RUNS).fetch_one(&plain).await.unwrap(), WHAT_RUNS);
    });
}

/// A context whose texts are what nobody should send, though types let them.
fn hostile(text: &str) -> Context {
    Context::from(ContextParts {
        trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".parse().unwrap()),
        span_id: Some("00f067aa0ba902b7".parse().unwrap()),
        flags: Flags::SAMPLED,
        trace_state: Some(text.into()),
        request_id: Some(RequestId::new_unchecked(text)),
        ..ContextParts::default()
    })
}

#[test]
fn no_text_gets_out_of_the_comment() {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~%";
    with_pool(async |pool, _| {
        let pool = pool.with_comments();
        pool.execute("CREATE TABLE precious ()").await.unwrap();
        let long = "é*/'".repeat(2_000);
        for text in [
            "*/; DROP TABLE precious; --",
            "' */; DROP TABLE precious; /*",
            "\\'*/; DROP TABLE precious; --",
            "%27%2A%2F; DROP TABLE precious",
            "\0\n\r\x1b[31m\u{7f}",
            "$1 ? :name @name $$ \u{2028}\u{202e}\u{1f980}",
            "/* /* /*",
            "a='b',c='d'",
            &long,
        ] {
            let (mut prepared, mut unprepared) = (String::new(), String::new());
            let trace = capture_async(async {
                let context = hostile(text);
                prepared =
                    sqlx::query_scalar(WHAT_RUNS).fetch_one(&pool).in_context(context.clone()).await.unwrap();
                let row = sqlx::raw_sql(WHAT_RUNS).fetch_one(&pool).in_context(context).await.unwrap();
                unprepared = row.get("query");
            })
            .await;
            for span in trace.spans() {
                assert_eq!(span.attribute("db.query.text").unwrap(), WHAT_RUNS);
                assert_eq!(span.trace_state(), Some(text));
            }
            assert_eq!(trace.len(), 2);
            for seen in [prepared, unprepared] {
                let comment = seen.strip_prefix(WHAT_RUNS).unwrap();
                let inside =
                    comment.strip_prefix("\n/*request_id='").and_then(|rest| rest.strip_suffix("'*/"));
                let inside = inside.unwrap_or_else(|| panic!("{text:?}: {seen:.600}"));
                let parts: Vec<_> = inside.split('\'').collect();
                let [request_id, ",traceparent=", parent, ",tracestate=", state] = parts[..] else {
                    panic!("{comment}")
                };
                assert!(
                    [request_id, parent, state].concat().bytes().all(|byte| LETTERS.contains(&byte)),
                    "{comment}"
                );
                assert_eq!(request_id, state);
                let decoded = percent_encoding::percent_decode_str(request_id).decode_utf8().unwrap();
                assert_eq!(decoded, text);
                assert!(parent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{parent}");
            }
        }
        pool.execute("SELECT FROM precious").await.unwrap();
    });
}

#[test]
fn comments_prepare_no_statement_that_the_server_keeps() {
    with_pool(async |pool, _| {
        let pool = pool.with_comments();
        let trace = capture_async(async {
            let mut connection = pool.acquire().await.unwrap();
            for number in 0..200 {
                let query = sqlx::query_scalar("SELECT $1 + 1").bind(number);
                let sum: i32 = query.fetch_one(&mut *connection).await.unwrap();
                assert_eq!(sum, number + 1);
            }
            let query = sqlx::query_scalar("SELECT count(*) FROM pg_prepared_statements");
            let kept: i64 = query.fetch_one(&mut *connection).await.unwrap();
            assert_eq!(kept, 0);
        })
        .await;
        assert_eq!(trace.len(), 201);
    });
}
