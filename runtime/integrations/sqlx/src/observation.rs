//! Work on a database, with its span.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::thread;

use async_stream::stream;
use futures_core::Stream;
use sqlx::{Either, Error};
use throughline::semconv;
use throughline::span::{Outcome, Span};

use crate::driver::{Driver, Item};
use crate::error;

/// A span that is being worked for. Dropped while somebody waits for the database it ends as cancelled; dropped between
/// two rows it ends as ok: whoever read them had enough.
#[derive(Debug)]
pub(crate) struct Observation {
    span: Span,
    rows: Option<Rows>,
    is_waiting: bool,
    is_failed: bool,
}

/// What is counted for a query.
#[derive(Debug)]
struct Rows {
    returned: u64,
    affected: u64,
    changes: bool,
}

impl Observation {
    /// Of something that has no rows.
    pub(crate) const fn new(span: Span) -> Self {
        Self::of(span, None)
    }

    /// Of a query, which says how many rows it `changes` or how many it returned.
    pub(crate) const fn of_query(span: Span, changes: bool) -> Self {
        Self::of(span, Some(Rows { returned: 0, affected: 0, changes }))
    }

    const fn of(span: Span, rows: Option<Rows>) -> Self {
        Self { span, rows, is_waiting: true, is_failed: false }
    }

    fn poll<T>(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let polled = self.span.in_scope(poll);
        self.is_waiting = polled.is_pending();
        polled
    }

    fn returned(&mut self, count: u64) {
        self.rows.iter_mut().for_each(|rows| rows.returned += count);
    }

    fn affected(&mut self, count: u64) {
        self.rows.iter_mut().for_each(|rows| rows.affected += count);
    }

    fn failed(&mut self, error: &Error) {
        self.is_failed = true;
        if self.span.is_recording() {
            if let Some(code) = error::code(error) {
                self.span.set(semconv::DB_RESPONSE_STATUS_CODE, &*code);
            }
            self.span.fail(&error::kind(error), &error::message(error));
        }
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        // A panic is noted by the span itself.
        let is_cancelled = self.is_waiting && !thread::panicking();
        if is_cancelled {
            self.span.set_outcome(Outcome::Cancelled);
        }
        let is_complete = !(self.is_waiting || self.is_failed);
        if let Some(rows) = &self.rows {
            if rows.returned > 0 || (is_complete && !rows.changes) {
                self.span.set(semconv::DB_RESPONSE_RETURNED_ROWS, rows.returned);
            }
            if is_complete && rows.changes {
                self.span.set(semconv::DB_AFFECTED_ROWS, rows.affected);
            }
        }
    }
}

/// Runs `work`, which returns as many rows as `rows` says.
pub(crate) async fn observe<T>(
    work: impl Future<Output = Result<T, Error>>,
    mut observation: Observation,
    rows: fn(&T) -> u64,
) -> Result<T, Error> {
    let mut work = pin!(work);
    let result = poll_fn(|cx| observation.poll(|| work.as_mut().poll(cx))).await;
    match &result {
        Ok(value) => observation.returned(rows(value)),
        Err(error) => observation.failed(error),
    }
    result
}

/// How many rows a query returned that is asked for one.
pub(crate) fn count<R>(row: &Option<R>) -> u64 {
    u64::from(row.is_some())
}

/// Yields the results of a query, which `start` begins when the first of them is asked for.
pub(crate) fn observe_stream<DB: Driver, S>(
    start: impl FnOnce() -> (S, Observation),
) -> impl Stream<Item = S::Item>
where
    S: Stream<Item = Item<DB>>,
{
    stream! {
        let (work, mut observation) = start();
        let mut work = pin!(work);
        while let Some(item) = poll_fn(|cx| observation.poll(|| work.as_mut().poll_next(cx))).await {
            match &item {
                Ok(Either::Right(_)) => observation.returned(1),
                Ok(Either::Left(result)) => observation.affected(DB::affected(result)),
                Err(error) => observation.failed(error),
            }
            yield item;
        }
    }
}
