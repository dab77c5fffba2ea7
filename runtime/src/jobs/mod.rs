//! Context for queues and background jobs.
//!
//! An [`Envelope`] carries a payload through a queue together with the context in which it was put there:
//!
//! ```
//! use throughline::jobs::Envelope;
//!
//! # async fn send(_: &str) -> Result<(), std::io::Error> { Ok(()) }
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // where the work is found
//! let message = serde_json::to_string(&Envelope::new("emails", "ada@example.org"))?;
//!
//! // where it is done, in another process, later
//! let envelope: Envelope<String> = serde_json::from_str(&message)?;
//! envelope.run(async |address| send(&address).await).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The first delivery is a child of the span that enqueued it. A retry is a trace of its own, linked to that span, with
//! the same request ID and the number of the attempt. Names and attributes follow OpenTelemetry's conventions for
//! [messaging spans](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). Queues that carry headers
//! beside their messages need no envelope: see [`Delivery`]. Functions that take messages can say so by
//! [`#[job]`](crate::job). Work that starts by itself is [`scheduled`].

mod batch;
mod delivery;
mod envelope;
mod facts;
mod lenient;
mod message;
mod producer;
mod read;
mod run;
mod scheduled;

pub use batch::run_batch;
pub use delivery::Delivery;
pub use envelope::Envelope;
pub use message::Message;
pub use producer::{enqueue, enqueue_at, link_sender};
pub use run::{JobOutcome, Running};
pub use scheduled::{Scheduled, scheduled};

use crate::clock;

/// The milliseconds since 1970, by the clock of spans: what [`Delivery::enqueued_at`] takes.
///
/// ```
/// let mut headers = vec![("enqueued-at".to_owned(), throughline::jobs::now().to_string())];
/// throughline::inject(&mut headers);
/// ```
pub fn now() -> u64 {
    clock::unix_millis_at(clock::tick())
}
