//! What is different between databases.

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::{Connection, Database, Describe, Either, Error, Execute, SqlStr};

/// Where a database is. What is not known is not recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The database on its server: `db.namespace`.
    pub namespace: Option<String>,
    /// The host, or the path of a socket: `server.address`.
    pub address: Option<String>,
    /// The port, where it is not the usual one: `server.port`.
    pub port: Option<u16>,
}

/// What a query yields: a row, or what came of a statement; see `sqlx::Executor::fetch_many`.
pub type Item<DB> = Result<Either<<DB as Database>::QueryResult, <DB as Database>::Row>, Error>;

/// A database whose queries can be observed: with the features of this crate [`sqlx::Postgres`] and [`sqlx::Sqlite`].
///
/// Its methods are those of `sqlx::Executor` for the driver's own connection. They are named here because a bound
/// `for<'c> &'c mut DB::Connection: Executor<'c>` on implementations of that trait sends the compiler in circles.
pub trait Driver: Database<Connection: 'static> {
    /// `db.system.name`.
    const SYSTEM: &'static str;

    /// Where connections with these options lead.
    fn place(options: &<Self::Connection as Connection>::Options) -> Place;

    /// How many rows were changed.
    fn affected(result: &Self::QueryResult) -> u64;

    /// As `sqlx::Executor::fetch_many`.
    fn fetch_many<'e, E: Execute<'e, Self> + 'e>(
        connection: &'e mut Self::Connection,
        query: E,
    ) -> BoxStream<'e, Item<Self>>;

    /// As `sqlx::Executor::fetch_optional`.
    fn fetch_optional<'e, E: Execute<'e, Self> + 'e>(
        connection: &'e mut Self::Connection,
        query: E,
    ) -> BoxFuture<'e, Result<Option<Self::Row>, Error>>;

    /// As `sqlx::Executor::prepare_with`.
    fn prepare_with<'e>(
        connection: &'e mut Self::Connection,
        sql: SqlStr,
        parameters: &'e [Self::TypeInfo],
    ) -> BoxFuture<'e, Result<Self::Statement, Error>>;

    /// As `sqlx::Executor::describe`.
    #[doc(hidden)]
    fn describe(
        connection: &mut Self::Connection,
        sql: SqlStr,
    ) -> BoxFuture<'_, Result<Describe<Self>, Error>>;
}

/// The methods that only hand on.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
macro_rules! hand_on_to_executor {
    () => {
        fn affected(result: &Self::QueryResult) -> u64 {
            result.rows_affected()
        }

        fn fetch_many<'e, E: Execute<'e, Self> + 'e>(
            connection: &'e mut Self::Connection,
            query: E,
        ) -> BoxStream<'e, Item<Self>> {
            sqlx::Executor::fetch_many(connection, query)
        }

        fn fetch_optional<'e, E: Execute<'e, Self> + 'e>(
            connection: &'e mut Self::Connection,
            query: E,
        ) -> BoxFuture<'e, Result<Option<Self::Row>, Error>> {
            sqlx::Executor::fetch_optional(connection, query)
        }

        fn prepare_with<'e>(
            connection: &'e mut Self::Connection,
            sql: SqlStr,
            parameters: &'e [Self::TypeInfo],
        ) -> BoxFuture<'e, Result<Self::Statement, Error>> {
            sqlx::Executor::prepare_with(connection, sql, parameters)
        }

        fn describe(
            connection: &mut Self::Connection,
            sql: SqlStr,
        ) -> BoxFuture<'_, Result<Describe<Self>, Error>> {
            sqlx::Executor::describe(connection, sql)
        }
    };
}

#[cfg(feature = "postgres")]
impl Driver for sqlx::Postgres {
    const SYSTEM: &'static str = "postgresql";

    fn place(options: &sqlx::postgres::PgConnectOptions) -> Place {
        const USUAL_PORT: u16 = 5432;
        let socket = options.get_socket().map(|socket| socket.display().to_string());
        Place {
            // PostgreSQL takes the name of the user where none is given.
            namespace: Some(options.get_database().unwrap_or_else(|| options.get_username()).to_owned()),
            address: Some(socket.unwrap_or_else(|| options.get_host().to_owned())),
            port: Some(options.get_port()).filter(|port| *port != USUAL_PORT),
        }
    }

    hand_on_to_executor!();
}

#[cfg(feature = "sqlite")]
impl Driver for sqlx::Sqlite {
    const SYSTEM: &'static str = "sqlite";

    fn place(options: &sqlx::sqlite::SqliteConnectOptions) -> Place {
        let file = options.get_filename();
        // A database in memory has a name that sqlx made up.
        let name = file.file_name().and_then(|name| name.to_str()).filter(|name| *name != ":memory:");
        let is_in_memory = file.to_str().is_some_and(|path| path.starts_with("file:sqlx-in-memory-"));
        Place { namespace: name.filter(|_| !is_in_memory).map(str::to_owned), ..Place::default() }
    }

    hand_on_to_executor!();
}
