//! Messages that are delivered.

use lapin::message;
use lapin::types::ShortString;
use throughline::jobs::Delivery;
use throughline::semconv;
use throughline::span::{Callsite, Kind, Span, ValueView};

use crate::attempt;
use crate::destination;
use crate::headers::Received;

static PROCESS: Callsite = Callsite::new("process", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Consumer)
    .with_constants(&[
        (semconv::MESSAGING_SYSTEM, ValueView::Str("rabbitmq")),
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("process")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("process")),
    ]);

/// Work on a delivered message with a span, in the context that the message brings.
pub trait DeliveryExt {
    /// The context that the message brings, for work on it. `queue` is the one it was delivered from:
    /// [`Consumer::queue`](lapin::Consumer::queue) knows it.
    ///
    /// Nothing of the message is kept, so that the work can own it. Whether it is acknowledged, and when, is the
    /// caller's:
    ///
    /// ```
    /// use lapin::message::Delivery;
    /// use lapin::options::{BasicAckOptions, BasicNackOptions};
    /// use throughline_lapin::DeliveryExt;
    ///
    /// # async fn store(_: &[u8]) -> Result<(), std::io::Error> { Ok(()) }
    /// async fn on_order(message: Delivery) -> lapin::Result<()> {
    ///     message
    ///         .traced("orders")
    ///         .run(async || {
    ///             match store(&message.data).await {
    ///                 Ok(()) => message.ack(BasicAckOptions::default()).await,
    ///                 Err(_) => message.nack(BasicNackOptions { requeue: true, ..Default::default() }).await,
    ///             }
    ///         })
    ///         .await?;
    ///     Ok(())
    /// }
    /// ```
    fn traced(&self, queue: &str) -> Delivery;
}

impl DeliveryExt for message::Delivery {
    fn traced(&self, queue: &str) -> Delivery {
        let destination = destination::delivered(self.exchange.as_str(), self.routing_key.as_str(), queue);
        let headers = Received(self.properties.headers().as_ref());
        let traced = Delivery::extract(&destination, &headers).at(&PROCESS).describe(description(self));
        let traced = attempt::tell(traced, self, queue);
        match self.properties.timestamp() {
            Some(seconds) => traced.enqueued_at(seconds.saturating_mul(1000)),
            None => traced,
        }
    }
}

fn description(message: &message::Delivery) -> impl FnOnce(&Span) + Send + Sync + use<> {
    let (routing_key, size, tag) = (message.routing_key.clone(), message.data.len(), message.delivery_tag);
    let id = message.properties.message_id().clone();
    let conversation = message.properties.correlation_id().clone();
    move |span| {
        span.set(semconv::MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY, text(Some(&routing_key)));
        span.set(semconv::MESSAGING_RABBITMQ_MESSAGE_DELIVERY_TAG, tag);
        span.set(semconv::MESSAGING_MESSAGE_BODY_SIZE, size);
        span.set(semconv::MESSAGING_MESSAGE_ID, text(id.as_ref()));
        span.set(semconv::MESSAGING_MESSAGE_CONVERSATION_ID, text(conversation.as_ref()));
    }
}

/// The text, unless it is empty.
pub(crate) fn text(short: Option<&ShortString>) -> Option<&str> {
    short.map(ShortString::as_str).filter(|text| !text.is_empty())
}
