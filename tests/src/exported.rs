//! Annotated functions that other crates can call.
//!
//! Of these lints expect more: documentation, and `#[must_use]`. Clippy holds this file to it that what is said here fires
//! where it is expected, and nowhere else.

#![warn(clippy::pedantic, clippy::nursery)]

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::stream::{self, BoxStream};
use throughline::traced;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// Its constructors return what could be a `Result`, for all that the attribute knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket(u64);

impl Ticket {
    /// Counts, so that it need not be used.
    #[traced]
    pub fn next() -> Self {
        Self(COUNT.fetch_add(1, Ordering::Relaxed))
    }

    /// The same where there is no number in the text.
    #[traced]
    pub fn from_text(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::next(), Self)
    }

    /// A number of its own.
    #[traced]
    #[expect(clippy::must_use_candidate, reason = "it fires without the attribute")]
    pub fn number(&self) -> u64 {
        self.0 ^ 1
    }

    /// As many items as its number says.
    #[traced]
    pub fn countdown(&self) -> BoxStream<'static, Result<u64, String>> {
        Box::pin(stream::iter((0..self.0).map(Ok)))
    }
}

#[traced]
#[expect(missing_docs, clippy::missing_panics_doc, reason = "they fire without the attribute")]
pub async fn number(number: Option<u64>) -> u64 {
    std::future::ready(number).await.unwrap()
}

/// Its future cannot be sent, which is shown where its output is written.
#[traced]
#[expect(clippy::future_not_send, reason = "it fires without the attribute")]
pub async fn not_sendable(cell: &Cell<u64>) -> u64 {
    std::future::ready(()).await;
    cell.get()
}

#[traced]
#[expect(missing_docs, clippy::missing_errors_doc, reason = "they fire without the attribute")]
pub fn checked(number: u64) -> Result<u64, String> {
    number.checked_sub(1).ok_or_else(|| "nothing left".to_owned())
}
