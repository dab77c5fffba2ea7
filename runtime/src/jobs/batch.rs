//! Several messages worked on at once.

use crate::jobs::run;
use crate::jobs::{Delivery, JobOutcome, Running, delivery};

/// Works on several messages at once: in a trace of its own, whose root is linked to the span that enqueued each of
/// them. It has a request ID of its own too, since the messages can belong to several requests.
///
/// ```
/// use throughline::jobs::{Delivery, run_batch};
///
/// # async fn store(_: &[&str]) -> Result<(), std::io::Error> { Ok(()) }
/// # async fn example() -> Result<(), std::io::Error> {
/// let headers: [Vec<(String, String)>; 2] = Default::default();
/// let deliveries = headers.iter().map(|headers| Delivery::extract("rows", headers));
/// run_batch("rows", deliveries, || store(&["a", "b"])).await
/// # }
/// ```
pub fn run_batch<F>(
    destination: &str,
    deliveries: impl IntoIterator<Item = Delivery>,
    work: impl FnOnce() -> F,
) -> Running<F>
where
    F: Future<Output: JobOutcome>,
{
    let batch: Vec<Delivery> = deliveries.into_iter().collect();
    run::in_future(delivery::start_batch(destination, &batch), work)
}
