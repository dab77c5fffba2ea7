#![doc = include_str!("../README.md")]

mod comment;
mod connection;
mod driver;
mod error;
mod lease;
mod observation;
mod observer;
mod pool;
mod query;
mod statement;
mod transaction;

pub use connection::{Connection, PoolConnection};
pub use driver::{Driver, Item, Place};
pub use pool::Pool;
pub use transaction::Transaction;

/// A [`Pool`] of PostgreSQL, in place of [`sqlx::PgPool`].
#[cfg(feature = "postgres")]
pub type PgPool = Pool<sqlx::Postgres>;

/// A [`Pool`] of SQLite, in place of [`sqlx::SqlitePool`].
#[cfg(feature = "sqlite")]
pub type SqlitePool = Pool<sqlx::Sqlite>;
