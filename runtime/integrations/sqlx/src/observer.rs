//! What a pool tells of its work.

use std::borrow::Cow;

use sqlx::{Database, Execute};
use throughline::span::{Callsite, Kind, Parent, Span, ToValue, Value};
use throughline::{Context, semconv};

use crate::comment;
use crate::driver::{Driver, Place};
use crate::observation::Observation;
use crate::query::Query;
use crate::statement::{Summary, sanitize};

static QUERY: Callsite =
    Callsite::new("query", module_path!(), file!(), line!(), &[]).with_kind(Kind::Client);
static ACQUIRE: Callsite = Callsite::new("acquire connection", module_path!(), file!(), line!(), &[]);

/// Opens the spans of what is done with one database.
#[derive(Debug, Default)]
pub(crate) struct Observer {
    place: Place,
    /// Statements carry the context as a comment.
    comments: bool,
}

impl Observer {
    pub(crate) const fn new(place: Place) -> Self {
        Self { place, comments: false }
    }

    pub(crate) fn with_comments(&self) -> Self {
        Self { place: self.place.clone(), comments: true }
    }

    /// Opens the span of a query that was handed over in the context `called`, and says what to run for it.
    pub(crate) fn query<'q, DB: Driver>(
        &self,
        called: &Context,
        query: impl Execute<'q, DB>,
    ) -> (Observation, Query<DB>) {
        let query = Query::new(query);
        let span = open(&QUERY, called);
        let changes = span.is_recording() && {
            let summary = Summary::of(query.text());
            self.describe::<DB>(&span, summary.text(), &summary, &query_text(&query));
            summary.only_changes()
        };
        let query = self.commented(&span, query);
        (Observation::of_query(span, changes), query)
    }

    /// Opens the span of preparing a statement.
    pub(crate) fn prepare<DB: Driver>(&self, called: &Context, sql: &str) -> Observation {
        let span = open(&QUERY, called);
        if span.is_recording() {
            let summary = Summary::of(sql);
            self.describe::<DB>(&span, &format!("PREPARE {}", summary.text()), &summary, &sanitize(sql));
        }
        Observation::new(span)
    }

    /// Opens the span of a step of a transaction: `BEGIN`, or the statement that does it.
    pub(crate) fn step<DB: Driver>(&self, sql: &str) -> Observation {
        let span = Span::new(&QUERY);
        if span.is_recording() {
            self.describe::<DB>(&span, sql, &Summary::default(), sql);
        }
        Observation::new(span)
    }

    /// Opens the span of the wait for one of `max` connections, all of which are taken.
    pub(crate) fn acquire<DB: Driver>(called: &Context, max: u32) -> Observation {
        let span = open(&ACQUIRE, called);
        span.set_all(&[
            (semconv::DB_SYSTEM_NAME, Value::Str(DB::SYSTEM)),
            (semconv::DB_POOL_MAX_CONNECTIONS, max.to_value()),
        ]);
        Observation::new(span)
    }

    fn describe<DB: Driver>(&self, span: &Span, name: &str, summary: &Summary, text: &str) {
        // Without a summary the conventions fall back to the name of the system.
        span.rename(if name.is_empty() { DB::SYSTEM } else { name });
        span.set_all(&[
            (semconv::DB_SYSTEM_NAME, Value::Str(DB::SYSTEM)),
            (semconv::DB_NAMESPACE, self.place.namespace.as_deref().to_value()),
            (semconv::SERVER_ADDRESS, self.place.address.as_deref().to_value()),
            (semconv::SERVER_PORT, self.place.port.to_value()),
            (semconv::DB_QUERY_SUMMARY, Some(name).filter(|name| !name.is_empty()).to_value()),
            (semconv::DB_QUERY_TEXT, Value::Str(text)),
            (semconv::DB_OPERATION_NAME, summary.operation().to_value()),
            (semconv::DB_COLLECTION_NAME, summary.table().to_value()),
        ]);
    }

    /// The query with the context of `span` in a comment, if that is asked for.
    fn commented<DB: Database>(&self, span: &Span, query: Query<DB>) -> Query<DB> {
        let commented =
            if self.comments { comment::with_context(query.text(), &span.context()) } else { None };
        match commented {
            Some(sql) => query.once(sql),
            None => query,
        }
    }
}

/// Opens a span of work that begins now: where it is done, or where that is in no context, where it was asked for, if that
/// was elsewhere.
fn open(callsite: &'static Callsite, called: &Context) -> Span {
    if called.is_empty() || !Context::current().is_empty() {
        Span::new(callsite)
    } else {
        Span::with_parent(callsite, Parent::Of(called))
    }
}

/// The text of a query as it may be recorded: what has its values apart is taken to have none in its text.
fn query_text<DB: Database>(query: &Query<DB>) -> Cow<'_, str> {
    if query.has_arguments() { query.text().into() } else { sanitize(query.text()) }
}
