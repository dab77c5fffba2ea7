//! A query, taken apart.

use std::mem;

use sqlx::error::BoxDynError;
use sqlx::{Arguments, Database, Execute, SqlStr};

/// What there was in a query, to be looked at before a driver gets it: `Execute` gives its text away only as a whole.
pub(crate) struct Query<DB: Database> {
    sql: SqlStr,
    statement: Option<DB::Statement>,
    arguments: Result<Option<DB::Arguments>, BoxDynError>,
    is_persistent: bool,
}

impl<DB: Database> Query<DB> {
    pub(crate) fn new<'q>(mut query: impl Execute<'q, DB>) -> Self {
        Self {
            statement: query.statement().cloned(),
            arguments: query.take_arguments(),
            is_persistent: query.persistent(),
            sql: query.sql(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        self.sql.as_str()
    }

    /// Whether there are values apart from the text, which is then only where they go.
    pub(crate) fn has_arguments(&self) -> bool {
        !matches!(&self.arguments, Ok(arguments) if arguments.as_ref().is_none_or(|arguments| arguments.len() == 0))
    }

    /// The query with another text that is used once, and so not kept among the prepared statements.
    pub(crate) fn once(self, sql: SqlStr) -> Self {
        Self { sql, statement: None, is_persistent: false, ..self }
    }
}

impl<DB: Database> Execute<'_, DB> for Query<DB> {
    fn sql(self) -> SqlStr {
        self.sql
    }

    fn statement(&self) -> Option<&DB::Statement> {
        self.statement.as_ref()
    }

    fn take_arguments(&mut self) -> Result<Option<DB::Arguments>, BoxDynError> {
        mem::replace(&mut self.arguments, Ok(None))
    }

    fn persistent(&self) -> bool {
        self.is_persistent
    }
}
