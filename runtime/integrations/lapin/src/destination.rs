//! What a message goes to or comes from, as the conventions for
//! [RabbitMQ](https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/) name it.

/// The exchange and the routing key of a message that is published.
pub(crate) fn published(exchange: &str, routing_key: &str) -> String {
    let name = joined(&[exchange, routing_key]);
    if name.is_empty() { "amq.default".to_owned() } else { name }
}

/// The exchange and the routing key of a message, and the queue it is delivered from.
pub(crate) fn delivered(exchange: &str, routing_key: &str, queue: &str) -> String {
    joined(&[exchange, routing_key, if queue == routing_key { "" } else { queue }])
}

/// The parts that there are. Names that brokers make up are left out: no two spans would have the same.
fn joined(parts: &[&str]) -> String {
    let is_made_up = |part: &str| part.starts_with("amq.gen-") || part.starts_with("amq.rabbitmq.reply-to");
    let known: Vec<&str> =
        parts.iter().copied().filter(|part| !part.is_empty() && !is_made_up(part)).collect();
    known.join(":")
}
