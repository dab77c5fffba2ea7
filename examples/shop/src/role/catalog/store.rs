//! The catalog's database.

use std::collections::HashMap;
use std::env;
use std::fmt::{self, Display};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{QueryBuilder, raw_sql};
use throughline::traced;
use throughline_sqlx::{PgPool, SqlitePool};

use crate::proto::Line;
use crate::role::settings;

const SCHEMA: &str = include_str!("schema.sql");

/// How much there is to count for the report.
const SOLD: i64 = 300_000;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The catalog's database.
#[derive(Debug)]
pub(super) enum Store {
    /// A file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Why nothing was set aside.
#[derive(Debug)]
pub(super) enum Refused {
    NotSold(String),
    SoldOut(String),
    Database(sqlx::Error),
}

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSold(item) => write!(f, "{item} is not sold here"),
            Self::SoldOut(item) => write!(f, "{item} is sold out"),
            Self::Database(error) => write!(f, "the database: {error}"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// The same code for both databases.
macro_rules! with_pool {
    ($store:expr, $pool:ident => $work:expr) => {
        match $store {
            Store::Sqlite($pool) => $work,
            Store::Postgres($pool) => $work,
        }
    };
}

impl Store {
    /// The database of `DATABASE_URL`, or a file; with the items of the shop.
    pub(super) async fn open() -> anyhow::Result<Self> {
        let url = env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        let store = match url {
            Some(url) => {
                let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(PATIENCE).connect(&url);
                Self::Postgres(pool.await.context("DATABASE_URL names no PostgreSQL that answers")?.into())
            }
            None => {
                let file = settings::folder()?.join("catalog.db");
                let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
                Self::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await?.into())
            }
        };
        with_pool!(&store, pool => raw_sql(SCHEMA).execute(pool).await.map(drop))
            .context("no table can be made")?;
        Ok(store)
    }

    /// Sets aside what is ordered, and tells what it costs, in cents.
    #[traced]
    pub(super) async fn reserve(&self, lines: &[Line], one_by_one: bool) -> Result<u64, Refused> {
        let prices =
            if one_by_one { self.prices_one_by_one(lines).await? } else { self.prices(lines).await? };
        let mut total = 0;
        for Line { item, count } in lines {
            let price = prices.get(item).ok_or_else(|| Refused::NotSold(item.clone()))?;
            total += price * i64::from(*count);
        }
        self.take(lines).await?;
        Ok(total.unsigned_abs())
    }

    /// What items cost, by one query.
    async fn prices(&self, lines: &[Line]) -> sqlx::Result<HashMap<String, i64>> {
        let rows: Vec<(String, i64)> = with_pool!(self, pool => {
            let mut query = QueryBuilder::new("SELECT name, price_cents FROM items WHERE name IN (");
            let mut names = query.separated(", ");
            lines.iter().for_each(|line| { names.push_bind(&line.item); });
            query.push(")");
            query.build_query_as().fetch_all(pool).await?
        });
        Ok(rows.into_iter().collect())
    }

    /// The same by a query for each: what is known as N+1.
    async fn prices_one_by_one(&self, lines: &[Line]) -> sqlx::Result<HashMap<String, i64>> {
        const PRICE: &str = "SELECT price_cents FROM items WHERE name = $1";
        let mut prices = HashMap::new();
        for Line { item, .. } in lines {
            let price: Option<i64> =
                with_pool!(self, pool => sqlx::query_scalar(PRICE).bind(item).fetch_optional(pool).await?);
            prices.extend(price.map(|price| (item.clone(), price)));
        }
        Ok(prices)
    }

    /// Takes everything out of the stock, or nothing.
    #[traced]
    async fn take(&self, lines: &[Line]) -> Result<(), Refused> {
        const TAKE: &str = "UPDATE items SET stock = stock - $1 WHERE name = $2 AND stock >= $1";
        with_pool!(self, pool => {
            let mut transaction = pool.begin().await?;
            for Line { item, count } in lines {
                let take = sqlx::query(TAKE).bind(i64::from(*count)).bind(item);
                if take.execute(&mut *transaction).await?.rows_affected() == 0 {
                    return Err(Refused::SoldOut(item.clone()));
                }
            }
            Ok(transaction.commit().await?)
        })
    }

    /// Counts what was ever sold, which takes a while.
    #[traced]
    pub(super) async fn report(&self) -> Result<i64, Refused> {
        const COUNT: &str = "WITH RECURSIVE sold(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM sold WHERE n < $1) \
                             SELECT count(*) FROM sold";
        Ok(with_pool!(self, pool => sqlx::query_scalar(COUNT).bind(SOLD).fetch_one(pool).await?))
    }
}
