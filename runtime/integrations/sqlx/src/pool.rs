//! A pool whose queries are observed.

use std::fmt;
use std::sync::Arc;

use async_stream::try_stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::{Describe, Error, Execute, Executor, SqlSafeStr, SqlStr};
use throughline::Context;

use crate::connection::{Connection, Held, PoolConnection};
use crate::driver::{Driver, Item};
use crate::lease::{Lease, Leases};
use crate::observation::{count, observe, observe_stream};
use crate::observer::Observer;
use crate::transaction::{Step, Transaction};

/// A [`sqlx::Pool`] whose queries are spans. `&Pool` is an [`Executor`], as there. Cheap to clone.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # async fn example() -> sqlx::Result<()> {
/// let pool = throughline_sqlx::Pool::from(sqlx::SqlitePool::connect("sqlite://shop.db").await?);
/// let names: Vec<(String,)> = sqlx::query_as("SELECT name FROM items").fetch_all(&pool).await?;
///
/// let mut transaction = pool.begin().await?;
/// sqlx::query("DELETE FROM items WHERE id = ?").bind(7).execute(&mut *transaction).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
///
/// It is no [`sqlx::Pool`] and does not turn into one unasked, so that no query goes past it by accident;
/// [`inner`](Self::inner) is for what is not observed: migrations, closing, the size of the pool.
pub struct Pool<DB: Driver> {
    inner: sqlx::Pool<DB>,
    observer: Arc<Observer>,
    leases: Leases,
}

impl<DB: Driver> From<sqlx::Pool<DB>> for Pool<DB> {
    fn from(inner: sqlx::Pool<DB>) -> Self {
        let place = DB::place(&inner.connect_options());
        Self { inner, observer: Arc::new(Observer::new(place)), leases: Leases::default() }
    }
}

impl<DB: Driver> Pool<DB> {
    /// Writes the context behind each statement, as a comment that [SQLCommenter](https://google.github.io/sqlcommenter/spec/)
    /// knows: `/*request_id='..',traceparent='..',tracestate='..'*/`. The database's own views and logs then say which
    /// request a statement belongs to.
    ///
    /// It has a price: no statement is like another, so none is kept prepared. Each is parsed and planned anew, in PostgreSQL
    /// after one more exchange with the server. The cache of prepared statements does not grow by it. A view that cuts
    /// statements, as `pg_stat_activity` does after 1024 bytes, loses the comment of a long one.
    ///
    /// ```
    /// # #[cfg(feature = "postgres")]
    /// # async fn example() -> sqlx::Result<()> {
    /// let pool = sqlx::PgPool::connect("postgres://localhost/shop").await?;
    /// let pool = throughline_sqlx::Pool::from(pool).with_comments();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_comments(mut self) -> Self {
        self.observer = Arc::new(self.observer.with_comments());
        self
    }

    /// The pool of sqlx, for what is not observed.
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")]
    /// # async fn example(pool: throughline_sqlx::SqlitePool) {
    /// pool.inner().close().await;
    /// # }
    /// ```
    pub const fn inner(&self) -> &sqlx::Pool<DB> {
        &self.inner
    }

    /// Takes a connection. The wait for one is a span where all of them are taken.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Pool::acquire`].
    pub fn acquire(&self) -> impl Future<Output = Result<PoolConnection<DB>, Error>> + Send + 'static {
        let (pool, called) = (self.clone(), Context::current());
        async move {
            let (connection, lease) = pool.take(&called).await?;
            let held = Held::Pooled { connection, _lease: lease };
            Ok(PoolConnection::new(Connection::new(held, pool.observer)))
        }
    }

    /// Takes a connection if one is idle.
    pub fn try_acquire(&self) -> Option<PoolConnection<DB>> {
        let connection = self.inner.try_acquire()?;
        let held = Held::Pooled { connection, _lease: self.leases.take().0 };
        Some(PoolConnection::new(Connection::new(held, Arc::clone(&self.observer))))
    }

    /// Takes a connection and begins a transaction.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Pool::begin`].
    pub async fn begin(&self) -> Result<Transaction<'static, DB>, Error> {
        self.begin_by(None).await
    }

    /// Takes a connection and begins a transaction by `statement`.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Pool::begin_with`].
    pub async fn begin_with(&self, statement: impl SqlSafeStr) -> Result<Transaction<'static, DB>, Error> {
        self.begin_by(Some(statement.into_sql_str())).await
    }

    async fn begin_by(&self, statement: Option<SqlStr>) -> Result<Transaction<'static, DB>, Error> {
        let text = statement.as_ref().map_or(Step::Transaction.begin(), SqlStr::as_str);
        let observation = self.observer.step::<DB>(text);
        let begun = async {
            let (connection, lease) = self.take(&Context::default()).await?;
            let transaction = sqlx::Transaction::begin(connection, statement).await?;
            Ok(Held::InTransaction(transaction, Some(lease)))
        };
        let held = observe(begun, observation, |_| 0).await?;
        Ok(Transaction::new(held, Arc::clone(&self.observer), Step::Transaction))
    }

    /// Takes a connection of sqlx; see [`Observer::acquire`] for where that was `called`.
    async fn take(&self, called: &Context) -> Result<(sqlx::pool::PoolConnection<DB>, Lease), Error> {
        let max = self.inner.options().get_max_connections();
        let (lease, before) = self.leases.take();
        let acquired = self.inner.acquire();
        let connection = if before < max {
            acquired.await?
        } else {
            observe(acquired, Observer::acquire::<DB>(called, max), |_| 0).await?
        };
        Ok((connection, lease))
    }
}

impl<'p, DB: Driver> Executor<'p> for &Pool<DB> {
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Item<DB>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (pool, called) = (self.clone(), Context::current());
        Box::pin(observe_stream::<DB, _>(move || {
            let (observation, query) = pool.observer.query(&called, query);
            let items = try_stream! {
                let (mut connection, _lease) = pool.take(&Context::default()).await?;
                for await item in DB::fetch_many(&mut connection, query) {
                    yield item?;
                }
            };
            (items, observation)
        }))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (pool, called) = (self.clone(), Context::current());
        Box::pin(async move {
            let (observation, query) = pool.observer.query(&called, query);
            let row = async {
                let (mut connection, _lease) = pool.take(&Context::default()).await?;
                DB::fetch_optional(&mut connection, query).await
            };
            observe(row, observation, count).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, Result<DB::Statement, Error>>
    where
        'p: 'e,
    {
        let (pool, called) = (self.clone(), Context::current());
        Box::pin(async move {
            let observation = pool.observer.prepare::<DB>(&called, sql.as_str());
            let statement = async {
                let (mut connection, _lease) = pool.take(&Context::default()).await?;
                DB::prepare_with(&mut connection, sql, parameters).await
            };
            observe(statement, observation, |_| 0).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<DB>, Error>>
    where
        'p: 'e,
    {
        let pool = self.clone();
        Box::pin(async move {
            let (mut connection, _lease) = pool.take(&Context::default()).await?;
            DB::describe(&mut connection, sql).await
        })
    }
}

impl<DB: Driver> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), observer: Arc::clone(&self.observer), leases: self.leases.clone() }
    }
}

impl<DB: Driver> fmt::Debug for Pool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("inner", &self.inner).finish_non_exhaustive()
    }
}
