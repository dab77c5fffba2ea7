//! A transaction whose queries and ends are observed.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::Error;
use throughline::semconv;
use throughline::span::current;

use crate::connection::{Connection, Held};
use crate::driver::Driver;
use crate::lease::Lease;
use crate::observation::observe;
use crate::observer::Observer;

/// A transaction, or a savepoint in one. Its begin and its end are spans beside those of its queries: `BEGIN`, `COMMIT`,
/// `ROLLBACK`. It is used as sqlx's own: `&mut *transaction` is an `Executor`.
///
/// Dropped before its end it is rolled back when its connection is used next. That has no span; the current one gets the
/// event `throughline.db.transaction.dropped`.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction<'c, DB: Driver> {
    connection: Connection<'c, DB>,
    step: Step,
    undecided: Undecided,
}

/// What is begun and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Transaction,
    Savepoint,
}

impl Step {
    pub(crate) const fn begin(self) -> &'static str {
        match self {
            Self::Transaction => "BEGIN",
            Self::Savepoint => "SAVEPOINT",
        }
    }

    const fn commit(self) -> &'static str {
        match self {
            Self::Transaction => "COMMIT",
            Self::Savepoint => "RELEASE SAVEPOINT",
        }
    }

    const fn rollback(self) -> &'static str {
        match self {
            Self::Transaction => "ROLLBACK",
            Self::Savepoint => "ROLLBACK TO SAVEPOINT",
        }
    }
}

impl<'c, DB: Driver> Transaction<'c, DB> {
    pub(crate) const fn new(held: Held<'c, DB>, observer: Arc<Observer>, step: Step) -> Self {
        Self { connection: Connection::new(held, observer), step, undecided: Undecided(true) }
    }

    /// Commits the transaction, or keeps what was done since the savepoint.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Transaction::commit`].
    pub async fn commit(self) -> Result<(), Error> {
        let Taken { transaction, observer, step, _lease } = self.take()?;
        observe(transaction.commit(), observer.step::<DB>(step.commit()), |()| 0).await
    }

    /// Rolls back the transaction, or what was done since the savepoint.
    ///
    /// # Errors
    ///
    /// As [`sqlx::Transaction::rollback`].
    pub async fn rollback(self) -> Result<(), Error> {
        let Taken { transaction, observer, step, _lease } = self.take()?;
        observe(transaction.rollback(), observer.step::<DB>(step.rollback()), |()| 0).await
    }

    /// sqlx's own, whose end is decided. No closure gets it: futures of those are `Send` for one lifetime only.
    fn take(self) -> Result<Taken<'c, DB>, Error> {
        let Self { connection, step, mut undecided } = self;
        undecided.0 = false;
        let (held, observer) = connection.into_parts();
        let Held::InTransaction(transaction, lease) = held else {
            return Err(Error::Protocol("the transaction's connection was exchanged for another".to_owned()));
        };
        Ok(Taken { transaction, observer, step, _lease: lease })
    }
}

impl<'c, DB: Driver> Deref for Transaction<'c, DB> {
    type Target = Connection<'c, DB>;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl<DB: Driver> DerefMut for Transaction<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.connection
    }
}

/// The parts of a transaction that is to be ended.
struct Taken<'c, DB: Driver> {
    transaction: sqlx::Transaction<'c, DB>,
    observer: Arc<Observer>,
    step: Step,
    /// Its connection is taken until the end is done.
    _lease: Option<Lease>,
}

/// Whether a transaction has not been ended; tells when that is so as it is dropped.
#[derive(Debug)]
struct Undecided(bool);

impl Drop for Undecided {
    fn drop(&mut self) {
        if self.0 {
            current::event(semconv::DB_TRANSACTION_DROPPED, &[]);
        }
    }
}
