//! The attribute of functions that work on messages.

/// Makes a span of all work on a message: in the trace and the request of who sent it.
///
/// ```
/// use throughline::job;
/// use throughline::jobs::Envelope;
/// # use serde::{Deserialize, Serialize};
/// # struct Mailer;
/// # impl Mailer { async fn send(&self, _: &Email) -> Result<(), std::io::Error> { Ok(()) } }
///
/// #[derive(Serialize, Deserialize)]
/// struct Email {
///     to: String,
/// }
///
/// #[job]
/// async fn send_email(email: Envelope<Email>, mailer: &Mailer) -> Result<(), std::io::Error> {
///     mailer.send(email.payload()).await
/// }
///
/// // where the work is found
/// let queued = serde_json::to_string(&Envelope::new("emails", Email { to: "ada@example.org".into() })).unwrap();
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// // where it is done: `process emails`, a child of the span that put it into the queue
/// let email: Envelope<Email> = serde_json::from_str(&queued).unwrap();
/// send_email(email, &Mailer).await.unwrap();
/// # });
/// ```
///
/// The function is what it was: it is called with the same arguments and returns the same. Its first parameter (after
/// `self`) is the message: an [`Envelope`](crate::jobs::Envelope), whatever its payload is, or a type of your own that
/// implements [`Message`](crate::jobs::Message), which says how it was delivered. It is only looked at.
///
/// The span is of kind consumer and named `process` and the queue. The first delivery is a child of the span that sent the
/// message; a later one is a trace of its own, linked to that span. Either way the body runs under the request ID that came
/// with the message, with tracing off too; a message that brings none gets one, and the span says so. Attempt, queue and
/// the time in the queue are attributes. What the function does with errors, panics, streams, what it spawns, and everything
/// else is as with [`traced`](macro@crate::traced).
///
/// # Arguments
///
/// Those of [`traced`](macro@crate::traced#arguments), but for `parent`, `root` and `request_id`, which the message says, and
///
/// | argument | |
/// |---|---|
/// | `message = expression` | the message, where it is not the first parameter |
/// | `destination = "emails"` | the queue, where the message does not tell, or not so well |
/// | `name = "..."` | the whole name of the span, in place of `process emails` |
///
/// ```
/// use throughline::jobs::Envelope;
///
/// struct Importer;
///
/// impl Importer {
///     #[throughline::job(message = row, destination = "rows", fields(row.columns = row.payload().len()))]
///     fn import(&self, table: &str, row: Envelope<Vec<String>>) -> Result<(), std::io::Error> {
///         Ok(())
///     }
/// }
///
/// let trace = throughline::testing::capture(|| {
///     Importer.import("users", Envelope::new("table:users", vec!["Ada".to_owned()])).unwrap();
/// });
/// assert_eq!(trace.span("process rows").attribute("row.columns"), Some(1.into()));
/// ```
///
/// Work that starts by itself, on a schedule, has no message: see [`jobs::scheduled`](crate::jobs::scheduled).
pub use throughline_macros::job;
