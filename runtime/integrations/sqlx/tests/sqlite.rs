//! Queries on a real SQLite.

#![cfg(feature = "sqlite")]

use std::time::Duration;

use futures_util::{FutureExt, StreamExt, TryStreamExt};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Executor, QueryBuilder, Row, Sqlite, Statement};
use throughline::testing::{OwnedValue, Trace, capture_async};
use throughline::traced;
use throughline_sqlx::{Connection, SqlitePool};
use throughline_test_servers::Scratch;

/// A database in memory with three items. One connection, which never ends: it is the database.
async fn items() -> SqlitePool {
    let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = options.connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql(
        "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, stock INTEGER NOT NULL DEFAULT 0);
         INSERT INTO items (name) VALUES ('tea'), ('milk'), ('rice');",
    )
    .execute(&pool)
    .await
    .unwrap();
    SqlitePool::from(pool)
}

#[track_caller]
fn check(trace: &Trace, name: &str, attributes: &[(&str, &str)]) {
    let span = trace.span(name);
    for (key, expected) in attributes {
        let text = |value: OwnedValue| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = span.attribute(key).map(text).unwrap_or_default();
        assert_eq!(value, *expected, "{key} of\n{}", trace.tree().with_attributes());
    }
}

#[traced]
async fn restock(pool: &SqlitePool, item: i64) -> sqlx::Result<i64> {
    let mut transaction = pool.begin().await?;
    sqlx::query("UPDATE items SET stock = stock + 1 WHERE id = ?")
        .bind(item)
        .execute(&mut *transaction)
        .await?;
    let stock = sqlx::query_scalar("SELECT stock FROM items WHERE id = ?");
    let stock = stock.bind(item).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(stock)
}

/// The compiler reads what it has to know of the queries in `.sqlx`, which is written while they are compiled with a
/// `DATABASE_URL` that has the table, and `SQLX_OFFLINE_DIR`.
#[traced]
async fn sell(pool: &SqlitePool, item: i64) -> sqlx::Result<String> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("UPDATE items SET stock = stock - 1 WHERE id = ?", item).execute(&mut *transaction).await?;
    transaction.commit().await?;
    let row = sqlx::query!("SELECT name FROM items WHERE id = ?", item).fetch_one(pool).await?;
    Ok(row.name)
}

#[tokio::test]
async fn queries_that_the_compiler_checks_are_spans_like_others() {
    let pool = items().await;
    let trace = capture_async(async { assert_eq!(sell(&pool, 2).await.unwrap(), "milk") }).await;
    assert_eq!(
        trace.tree().by_time(),
        "
        sell
          BEGIN [client]
          UPDATE items [client]
          COMMIT [client]
          SELECT items [client]
        "
    );
}

#[tokio::test]
async fn queries_and_the_steps_of_a_transaction_are_spans_of_the_function_around_them() {
    let pool = items().await;
    let trace = capture_async(async { assert_eq!(restock(&pool, 2).await.unwrap(), 1) }).await;
    assert_eq!(
        trace.tree().by_time(),
        "
        restock
          BEGIN [client]
          UPDATE items [client]
          SELECT items [client]
          COMMIT [client]
        "
    );
    check(
        &trace,
        "UPDATE items",
        &[
            ("db.system.name", "sqlite"),
            ("db.namespace", ""),
            ("server.address", ""),
            ("db.query.summary", "UPDATE items"),
            ("db.query.text", "UPDATE items SET stock = stock + 1 WHERE id = ?"),
            ("db.operation.name", "UPDATE"),
            ("db.collection.name", "items"),
            ("throughline.db.affected_rows", "1"),
            ("db.response.returned_rows", ""),
        ],
    );
    check(
        &trace,
        "SELECT items",
        &[("db.response.returned_rows", "1"), ("throughline.db.affected_rows", "")],
    );
}

#[tokio::test]
async fn every_way_to_run_a_query_is_one_span_with_its_rows() {
    let pool = items().await;
    let all = "SELECT id, name FROM items";
    let trace = capture_async(async {
        sqlx::query("SELECT 1").execute(&pool).await.unwrap();
        assert_eq!(sqlx::query_as::<_, (i64, String)>(all).fetch_all(&pool).await.unwrap().len(), 3);
        assert!(
            sqlx::query("SELECT id FROM items WHERE id = 9").fetch_optional(&pool).await.unwrap().is_none()
        );
        assert_eq!(sqlx::query(all).fetch(&pool).try_collect::<Vec<_>>().await.unwrap().len(), 3);
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO items (name) ");
        insert.push_values(["oats", "salt"], |mut row, name| {
            row.push_bind(name);
        });
        insert.build().execute(&pool).await.unwrap();
        let returned = sqlx::query("DELETE FROM items WHERE id > ? RETURNING id").bind(3);
        assert_eq!(returned.fetch_all(&pool).await.unwrap().len(), 2);
    })
    .await;
    assert_eq!(
        trace.tree().by_time().with(["db.response.returned_rows", "throughline.db.affected_rows"]),
        "
        SELECT [client] {db.response.returned_rows: 1}
        SELECT items [client] {db.response.returned_rows: 3}
        SELECT items [client] {db.response.returned_rows: 0}
        SELECT items [client] {db.response.returned_rows: 3}
        INSERT items [client] {throughline.db.affected_rows: 2}
        DELETE items [client] {db.response.returned_rows: 2, throughline.db.affected_rows: 2}
        "
    );
}

async fn count<'e>(executor: impl sqlx::SqliteExecutor<'e>) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM items").fetch_one(executor).await.unwrap()
}

#[tokio::test]
async fn a_function_that_takes_any_executor_takes_pools_connections_and_transactions() {
    let pool = items().await;
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect("sqlite::memory:").await.unwrap();
    let trace = capture_async(async {
        assert_eq!(count(&pool).await, 3);
        assert_eq!(count(&mut **pool.acquire().await.as_mut().unwrap()).await, 3);
        let mut transaction = pool.begin().await.unwrap();
        assert_eq!(count(&mut *transaction).await, 3);
        transaction.rollback().await.unwrap();
        let mut observed = Connection::observe(&mut other);
        observed.execute("CREATE TABLE items (id INTEGER)").await.unwrap();
        assert_eq!(count(&mut observed).await, 0);
    })
    .await;
    assert_eq!(trace.spans_named("SELECT items").count(), 4, "{}", trace.tree());
}

#[tokio::test]
async fn several_statements_in_one_text_are_one_span() {
    let pool = items().await;
    let trace = capture_async(async {
        let many =
            sqlx::raw_sql("UPDATE items SET stock = 5; SELECT id FROM items; DELETE FROM items WHERE id = 1");
        let results: Vec<_> = many.fetch_many(&pool).try_collect().await.unwrap();
        assert_eq!(results.iter().filter(|result| result.is_right()).count(), 3);
    })
    .await;
    assert_eq!(trace.len(), 1);
    check(
        &trace,
        "UPDATE items SELECT items DELETE items",
        &[
            ("db.operation.name", ""),
            ("db.collection.name", ""),
            (
                "db.query.text",
                "UPDATE items SET stock = ?; SELECT id FROM items; DELETE FROM items WHERE id = ?",
            ),
            ("db.response.returned_rows", "3"),
            ("throughline.db.affected_rows", ""),
        ],
    );
}

#[tokio::test]
async fn no_value_is_recorded_whichever_way_it_comes() {
    let pool = items().await;
    let trace = capture_async(async {
        sqlx::query("INSERT INTO items (name) VALUES (?)").bind("secret-1").execute(&pool).await.unwrap();
        sqlx::query("INSERT INTO items (name) VALUES ('secret-2')").execute(&pool).await.unwrap();
        let text = format!("INSERT INTO items (name) VALUES ('{}') -- of {}", "secret-3", "secret-4");
        pool.execute(AssertSqlSafe(text)).await.unwrap();
        let taken = sqlx::query("INSERT INTO items (name) VALUES (?)").bind("secret-1").execute(&pool).await;
        taken.unwrap_err();
    })
    .await;
    assert_eq!(trace.len(), 4);
    assert!(!format!("{:?}", trace.tree().with_attributes().to_string()).contains("secret"), "{trace:?}");
    assert!(!format!("{trace:?}").contains("secret"), "{trace:?}");
    let text = |span: usize| trace.spans().nth(span).unwrap().attribute("db.query.text").unwrap();
    assert_eq!(text(1), "INSERT INTO items (name) VALUES (?)");
}

#[tokio::test]
async fn a_violated_constraint_fails_its_span_with_the_code_of_the_database() {
    let pool = items().await;
    let trace = capture_async(async {
        let insert = sqlx::query("INSERT INTO items (name) VALUES (?)").bind("tea").execute(&pool).await;
        assert!(insert.unwrap_err().as_database_error().unwrap().is_unique_violation());
    })
    .await;
    assert_eq!(trace.tree(), "INSERT items [client] error: UNIQUE constraint failed: items.name");
    check(
        &trace,
        "INSERT items",
        &[("error.type", "2067"), ("db.response.status_code", "2067"), ("throughline.db.affected_rows", "")],
    );
}

#[tokio::test]
async fn one_query_for_each_item_shows_as_that_many_equal_spans() {
    let pool = items().await;
    let trace = capture_async(async {
        throughline::FutureExt::in_span(
            async {
                let ids: Vec<i64> =
                    sqlx::query_scalar("SELECT id FROM items").fetch_all(&pool).await.unwrap();
                for id in ids {
                    let name = sqlx::query_scalar("SELECT name FROM items WHERE id = ?").bind(id);
                    let _: String = name.fetch_one(&pool).await.unwrap();
                }
            },
            throughline::span!("list"),
        )
        .await;
    })
    .await;
    assert_eq!(
        trace.tree().by_time().with(["db.query.text"]),
        "
        list
          SELECT items [client] {db.query.text: \"SELECT id FROM items\"}
          SELECT items [client] {db.query.text: \"SELECT name FROM items WHERE id = ?\"}
          SELECT items [client] {db.query.text: \"SELECT name FROM items WHERE id = ?\"}
          SELECT items [client] {db.query.text: \"SELECT name FROM items WHERE id = ?\"}
        "
    );
}

#[tokio::test]
async fn a_stream_that_is_dropped_between_two_rows_ends_well_with_the_rows_that_were_taken() {
    let pool = items().await;
    let trace = capture_async(async {
        let rows = sqlx::query("SELECT id FROM items").fetch(&pool).take(2);
        assert_eq!(rows.try_collect::<Vec<_>>().await.unwrap().len(), 2);
        // One whose rows nobody asks for is never run.
        drop(sqlx::query("SELECT name FROM items").fetch(&pool));
    })
    .await;
    assert_eq!(
        trace.tree().by_time().with(["db.response.returned_rows"]),
        "SELECT items [client] {db.response.returned_rows: 2}"
    );
}

#[tokio::test]
async fn a_query_that_is_given_up_is_cancelled() {
    let pool = items().await;
    let trace = capture_async(async {
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT max(i) FROM n";
        let mut rows = sqlx::query(endless).fetch(&pool);
        // The database works on a thread of its own, so that the first look never has a row.
        assert!(rows.next().now_or_never().is_none());
        drop(rows);
        assert!(sqlx::query("SELECT 1").fetch_one(&pool).now_or_never().is_none());
    })
    .await;
    assert_eq!(
        trace.tree().by_time(),
        "
        SELECT SELECT SELECT [client] cancelled
        SELECT [client] cancelled
        "
    );
}

#[tokio::test]
async fn a_query_belongs_to_where_it_is_run_or_else_to_where_it_was_asked_for() {
    let pool = items().await;
    let trace = capture_async(async {
        let (elsewhere, here) = (throughline::span!("elsewhere"), throughline::span!("here"));
        let rows = elsewhere.in_scope(|| sqlx::query("SELECT id FROM items").fetch(&pool));
        // In a task without a context.
        let rows = rows.try_collect::<Vec<_>>();
        let none = throughline::Context::default();
        assert_eq!(throughline::FutureExt::in_context(rows, none).await.unwrap().len(), 3);
        let update = elsewhere.in_scope(|| pool.execute("UPDATE items SET stock = 1"));
        throughline::FutureExt::in_span(update, here).await.unwrap();
    })
    .await;
    assert_eq!(
        trace.tree(),
        "
        elsewhere
          SELECT items [client]
        here
          UPDATE items [client]
        "
    );
}

#[tokio::test]
async fn queries_at_the_same_time_are_siblings() {
    let folder = Scratch::new("sqlx");
    let options = SqliteConnectOptions::new().filename(folder.path().join("shop.db")).create_if_missing(true);
    let pool =
        SqlitePool::from(SqlitePoolOptions::new().max_connections(3).connect_with(options).await.unwrap());
    pool.execute("CREATE TABLE items (id INTEGER)").await.unwrap();
    let trace = capture_async(async {
        let all = async {
            let one = || sqlx::query("SELECT id FROM items").fetch_all(&pool);
            tokio::try_join!(one(), one(), one()).unwrap();
        };
        throughline::FutureExt::in_span(all, throughline::span!("list")).await;
    })
    .await;
    assert_eq!(
        trace.tree().with(["db.namespace"]),
        "
        list
          SELECT items [client] {db.namespace: \"shop.db\"}
          SELECT items [client] {db.namespace: \"shop.db\"}
          SELECT items [client] {db.namespace: \"shop.db\"}
        "
    );
    pool.inner().close().await;
}

#[tokio::test]
async fn the_wait_for_a_connection_of_a_pool_that_has_none_left_is_a_span() {
    let pool = items().await;
    let trace = capture_async(async {
        let taken = pool.acquire().await.unwrap();
        let query = sqlx::query("SELECT 1").execute(&pool);
        let begin = pool.begin();
        let acquire = pool.acquire();
        let release = async { drop(taken) };
        let used = async {
            query.await.unwrap();
        };
        let begun = async { begin.await.unwrap().rollback().await.unwrap() };
        let acquired = async { drop(acquire.await.unwrap()) };
        tokio::join!(biased; used, begun, acquired, release);
    })
    .await;
    assert_eq!(
        trace.tree().with(["throughline.db.pool.max_connections"]),
        "
        BEGIN [client]
          acquire connection {throughline.db.pool.max_connections: 1}
        ROLLBACK [client]
        SELECT [client]
          acquire connection {throughline.db.pool.max_connections: 1}
        acquire connection {throughline.db.pool.max_connections: 1}
        "
    );
}

#[tokio::test]
async fn a_wait_that_takes_too_long_fails_the_query_by_name() {
    let options = SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(20));
    let pool = SqlitePool::from(options.connect_lazy("sqlite::memory:").unwrap());
    // A busy machine may take longer to connect.
    let taken = loop {
        if let Ok(taken) = pool.acquire().await {
            break taken;
        }
    };
    let trace = capture_async(async {
        sqlx::query("SELECT 1").execute(&pool).await.unwrap_err();
        drop(taken);
        pool.inner().close().await;
        sqlx::query("SELECT 1").execute(&pool).await.unwrap_err();
    })
    .await;
    assert_eq!(
        trace.tree().by_time().with(["error.type"]),
        "
        SELECT [client] error: pool timed out while waiting for an open connection {error.type: \"sqlx::Error::PoolTimedOut\"}
          acquire connection error: pool timed out while waiting for an open connection {error.type: \"sqlx::Error::PoolTimedOut\"}
        SELECT [client] error: attempted to acquire a connection on a closed pool {error.type: \"sqlx::Error::PoolClosed\"}
        "
    );
}

#[traced]
async fn order(pool: &SqlitePool) -> Result<(), &'static str> {
    let mut transaction = pool.begin().await.map_err(|_| "no transaction")?;
    sqlx::query("DELETE FROM items").execute(&mut *transaction).await.map_err(|_| "no deletion")?;
    Err("changed my mind")
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_an_event_and_undone() {
    let pool = items().await;
    let trace = capture_async(async {
        order(&pool).await.unwrap_err();
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM items").fetch_one(&pool).await.unwrap();
        assert_eq!(left, 3);
    })
    .await;
    let names: Vec<_> = trace.span("order").children().iter().map(|span| span.name().to_owned()).collect();
    assert_eq!(names, ["BEGIN", "DELETE items"]);
    trace.span("order").event("throughline.db.transaction.dropped").unwrap();
}

#[tokio::test]
async fn savepoints_are_told_from_transactions() {
    let pool = items().await;
    let trace = capture_async(async {
        let mut connection = pool.acquire().await.unwrap();
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let savepoint = transaction.begin().await.unwrap();
        savepoint.commit().await.unwrap();
        let mut savepoint = transaction.begin().await.unwrap();
        savepoint.execute("DELETE FROM items").await.unwrap();
        savepoint.rollback().await.unwrap();
        transaction.commit().await.unwrap();
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM items").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(left, 3);
    })
    .await;
    assert_eq!(
        trace.tree().by_time(),
        "
        BEGIN IMMEDIATE [client]
        SAVEPOINT [client]
        RELEASE SAVEPOINT [client]
        SAVEPOINT [client]
        DELETE items [client]
        ROLLBACK TO SAVEPOINT [client]
        COMMIT [client]
        SELECT items [client]
        "
    );
}

#[tokio::test]
async fn a_prepared_statement_keeps_its_metadata_and_its_arguments() {
    let pool = items().await;
    let trace = capture_async(async {
        let statement =
            (&pool).prepare(sqlx::SqlStr::from_static("SELECT name FROM items WHERE id = ?1")).await.unwrap();
        let row = statement.query().bind(3).fetch_one(&pool).await.unwrap();
        assert_eq!(row.get::<String, _>("name"), "rice");
    })
    .await;
    assert_eq!(
        trace.tree().by_time(),
        "
        PREPARE SELECT items [client]
        SELECT items [client]
        "
    );
}

#[tokio::test]
async fn what_does_not_parse_has_a_span_all_the_same() {
    let pool = items().await;
    let trace = capture_async(async {
        (&pool).execute("').é('\0").await.unwrap_err();
        (&pool).execute("").await.unwrap();
    })
    .await;
    assert!(trace.spans().all(|span| span.name() == "sqlite"), "{}", trace.tree());
    assert_eq!(trace.len(), 2);
}

#[tokio::test]
async fn comments_leave_the_cache_of_prepared_statements_as_it_is() {
    let pool = items().await.with_comments();
    let trace = capture_async(async {
        let mut connection = pool.acquire().await.unwrap();
        let cached = sqlx::Connection::cached_statements_size(connection.inner_mut());
        for id in 0..500 {
            let name = sqlx::query("SELECT name FROM items WHERE id = ?").bind(id);
            name.fetch_optional(&mut *connection).await.unwrap();
        }
        assert_eq!(sqlx::Connection::cached_statements_size(connection.inner_mut()), cached);
    })
    .await;
    assert_eq!(trace.len(), 500);
    // What is recorded is the statement of the program.
    assert!(
        trace
            .spans()
            .all(|span| span.attribute("db.query.text").unwrap() == "SELECT name FROM items WHERE id = ?")
    );
}

#[test]
fn without_tracing_queries_work_and_nothing_is_recorded() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = items().await.with_comments();
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM items").fetch_all(&pool).await.unwrap();
        assert_eq!(names.len(), 3);
    });
}
