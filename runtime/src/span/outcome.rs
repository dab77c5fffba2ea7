//! How a span ended.

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It returned.
    #[default]
    Ok,
    /// It returned an error, or was marked as failed.
    Error,
    /// It panicked.
    Panicked,
    /// Its future or stream was dropped before it finished.
    Cancelled,
}
