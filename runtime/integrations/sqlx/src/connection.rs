//! A connection whose queries are observed.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::{Connection as _, Describe, Error, Execute, Executor, SqlSafeStr, SqlStr};
use throughline::Context;

use crate::driver::{Driver, Item};
use crate::lease::Lease;
use crate::observation::{count, observe, observe_stream};
use crate::observer::Observer;
use crate::transaction::{Step, Transaction};

/// A connection whose queries are spans. `&mut Connection` is an [`Executor`], as sqlx's own connections are.
pub struct Connection<'c, DB: Driver> {
    held: Held<'c, DB>,
    observer: Arc<Observer>,
}

/// Where the connection of sqlx is.
pub(crate) enum Held<'c, DB: Driver> {
    Pooled { connection: sqlx::pool::PoolConnection<DB>, _lease: Lease },
    InTransaction(sqlx::Transaction<'c, DB>, Option<Lease>),
    Borrowed(&'c mut DB::Connection),
}

impl<'c, DB: Driver> Connection<'c, DB> {
    pub(crate) const fn new(held: Held<'c, DB>, observer: Arc<Observer>) -> Self {
        Self { held, observer }
    }

    pub(crate) fn into_parts(self) -> (Held<'c, DB>, Arc<Observer>) {
        (self.held, self.observer)
    }

    /// Observes a connection that belongs to no [`Pool`](crate::Pool). Where it leads is not known, and not recorded.
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")]
    /// # async fn example() -> sqlx::Result<()> {
    /// use sqlx::Connection as _;
    ///
    /// let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
    /// let mut connection = throughline_sqlx::Connection::observe(&mut connection);
    /// sqlx::query("SELECT 1").execute(&mut connection).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe<C>(connection: &'c mut C) -> Self
    where
        C: sqlx::Connection<Database = DB>,
        DB: sqlx::Database<Connection = C>,
    {
        Self::new(Held::Borrowed(connection), Arc::default())
    }

    /// The connection of sqlx, for what is not observed.
    pub fn inner_mut(&mut self) -> &mut DB::Connection {
        match &mut self.held {
            Held::Pooled { connection, .. } => connection,
            Held::InTransaction(transaction, _) => transaction,
            Held::Borrowed(connection) => connection,
        }
    }

    /// Begins a transaction, or in a transaction a savepoint.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Connection::begin`].
    pub async fn begin(&mut self) -> Result<Transaction<'_, DB>, Error> {
        let step = if self.inner_mut().is_in_transaction() { Step::Savepoint } else { Step::Transaction };
        let observer = Arc::clone(&self.observer);
        let observation = observer.step::<DB>(step.begin());
        let transaction = observe(self.inner_mut().begin(), observation, |_| 0).await?;
        Ok(Transaction::new(Held::InTransaction(transaction, None), observer, step))
    }

    /// Begins a transaction by `statement`.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Connection::begin_with`].
    pub async fn begin_with(&mut self, statement: impl SqlSafeStr) -> Result<Transaction<'_, DB>, Error> {
        let statement = statement.into_sql_str();
        let observer = Arc::clone(&self.observer);
        let observation = observer.step::<DB>(statement.as_str());
        let transaction = observe(self.inner_mut().begin_with(statement), observation, |_| 0).await?;
        Ok(Transaction::new(Held::InTransaction(transaction, None), observer, Step::Transaction))
    }
}

impl<'c, DB: Driver> Executor<'c> for &'c mut Connection<'_, DB> {
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Item<DB>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let called = Context::current();
        Box::pin(observe_stream::<DB, _>(move || {
            let (observation, query) = self.observer.query(&called, query);
            (DB::fetch_many(self.inner_mut(), query), observation)
        }))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let called = Context::current();
        Box::pin(async move {
            let (observation, query) = self.observer.query(&called, query);
            observe(DB::fetch_optional(self.inner_mut(), query), observation, count).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, Result<DB::Statement, Error>>
    where
        'c: 'e,
    {
        let called = Context::current();
        Box::pin(async move {
            let observation = self.observer.prepare::<DB>(&called, sql.as_str());
            observe(DB::prepare_with(self.inner_mut(), sql, parameters), observation, |_| 0).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<DB>, Error>>
    where
        'c: 'e,
    {
        DB::describe(self.inner_mut(), sql)
    }
}

impl<DB: Driver> fmt::Debug for Connection<'_, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// A [`Connection`] of a [`Pool`](crate::Pool), which gets it back when this is dropped. It is used as sqlx's own:
/// `&mut *connection` is an [`Executor`].
#[derive(Debug)]
pub struct PoolConnection<DB: Driver>(Connection<'static, DB>);

impl<DB: Driver> PoolConnection<DB> {
    pub(crate) const fn new(connection: Connection<'static, DB>) -> Self {
        Self(connection)
    }
}

impl<DB: Driver> Deref for PoolConnection<DB> {
    type Target = Connection<'static, DB>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<DB: Driver> DerefMut for PoolConnection<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
