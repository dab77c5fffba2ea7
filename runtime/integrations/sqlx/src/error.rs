//! What errors say, without values.

use std::borrow::Cow;

use sqlx::Error;

/// The database's code of an error.
pub(crate) fn code(error: &Error) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(|error| error.code())
}

/// `error.type`: the database's code, else the name of the error.
pub(crate) fn kind(error: &Error) -> Cow<'_, str> {
    code(error).unwrap_or_else(|| Cow::Borrowed(name(error)))
}

fn name(error: &Error) -> &'static str {
    match error {
        Error::Configuration(_) => "sqlx::Error::Configuration",
        Error::InvalidArgument(_) => "sqlx::Error::InvalidArgument",
        Error::Io(_) => "sqlx::Error::Io",
        Error::Tls(_) => "sqlx::Error::Tls",
        Error::Protocol(_) => "sqlx::Error::Protocol",
        Error::Encode(_) => "sqlx::Error::Encode",
        Error::Decode(_) => "sqlx::Error::Decode",
        Error::PoolTimedOut => "sqlx::Error::PoolTimedOut",
        Error::PoolClosed => "sqlx::Error::PoolClosed",
        Error::WorkerCrashed => "sqlx::Error::WorkerCrashed",
        Error::InvalidSavePointStatement => "sqlx::Error::InvalidSavePointStatement",
        Error::BeginFailed => "sqlx::Error::BeginFailed",
        _ => "sqlx::Error",
    }
}

/// What an error says, without what quotes a value: errors of class 22, data exceptions, do so in PostgreSQL, and those of
/// encoding and decoding may.
pub(crate) fn message(error: &Error) -> String {
    match error {
        Error::Database(error) if error.code().is_some_and(|code| is_data_exception(&code)) => {
            "data exception".to_owned()
        }
        Error::Database(error) => error.message().to_owned(),
        Error::Encode(_) => "a value cannot be encoded".to_owned(),
        Error::Decode(_) => "a value cannot be decoded".to_owned(),
        error => error.to_string(),
    }
}

/// Whether a code is an SQLSTATE of class 22. The codes of SQLite are shorter.
fn is_data_exception(code: &str) -> bool {
    code.len() == 5 && code.starts_with("22")
}
