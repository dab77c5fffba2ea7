//! Tasks whose spans a filter switched off. The filter is one for the whole process: hence a file of its own.

use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use throughline::span::{Outcome, set_filter};
use throughline::testing::capture_returning;
use throughline::traced;
use throughline_apalis::EnqueueExt as _;

/// Puts a task into a storage without tables, and can do without.
#[traced]
async fn tries() {
    let pool = SqlitePool::connect("sqlite::memory:").await.unwrap();
    let mut emails: SqliteStorage<u32> =
        SqliteStorage::new(&pool).with_config(Config::default().queue("emails"));
    emails.enqueue("emails", 7).await.unwrap_err();
}

#[test]
fn a_task_without_a_span_writes_nothing_on_the_one_around_it() {
    set_filter(|callsite| callsite.name != "enqueue");
    let ((), trace) = capture_returning(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(tries());
    });
    let span = trace.span("tries");
    assert_eq!(span.outcome(), Outcome::Ok, "{:?}", span.message());
}
