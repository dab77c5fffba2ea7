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
//! beside their messages need no envelope: see [`Delivery`].

mod batch;
mod delivery;
mod envelope;
mod lenient;
mod producer;
mod run;

pub use batch::run_batch;
pub use delivery::Delivery;
pub use envelope::Envelope;
pub use producer::enqueue;
pub use run::JobOutcome;
