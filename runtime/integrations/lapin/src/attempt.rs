//! Which delivery of a message it is.

use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};
use throughline::jobs;

use crate::headers::integer;

/// Says on `traced` which delivery of the message this is, as far as the broker knows.
pub(crate) fn tell(traced: jobs::Delivery, message: &Delivery, queue: &str) -> jobs::Delivery {
    let headers = message.properties.headers().as_ref();
    let rejected = headers.map_or(0, |headers| rejections(headers, queue));
    let returned = headers.filter(|_| message.redelivered).and_then(returns);
    match (message.redelivered, returned) {
        (false, _) => traced.attempt(number(rejected)),
        (true, Some(returned)) => traced.attempt(number(rejected.saturating_add(returned))),
        (true, None) => traced.redelivered(),
    }
}

/// How often a quorum queue delivered the message before, and got it back; classic queues do not count.
fn returns(headers: &FieldTable) -> Option<i64> {
    headers.inner().get("x-delivery-count").and_then(integer).filter(|count| *count > 0)
}

/// How often the message was turned away from this queue, and came back by way of another one.
fn rejections(headers: &FieldTable, queue: &str) -> i64 {
    let deaths = headers.inner().get("x-death").and_then(AMQPValue::as_array);
    let deaths =
        deaths.into_iter().flat_map(|deaths| deaths.as_slice()).filter_map(AMQPValue::as_field_table);
    let delivered = deaths.filter(|death| is(death, "queue", queue) && !is(death, "reason", "expired"));
    delivered.filter_map(|death| integer(death.inner().get("count")?)).fold(0, i64::saturating_add)
}

fn is(death: &FieldTable, key: &str, text: &str) -> bool {
    let found = death.inner().get(key).and_then(AMQPValue::as_long_string);
    found.is_some_and(|found| found.as_bytes() == text.as_bytes())
}

/// The number of the delivery after so many.
fn number(before: i64) -> u32 {
    u32::try_from(before.max(0)).map_or(u32::MAX, |before| before.saturating_add(1))
}
