//! Messages that are published.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel, Confirmation, PublisherConfirm};
use throughline::span::{Callsite, Kind, Outcome, Span, ValueView};
use throughline::{jobs, semconv};

use crate::deliver::text;
use crate::headers::Received;
use crate::{destination, error, headers};

static PUBLISH: Callsite = Callsite::new("publish", module_path!(), file!(), line!(), &[])
    .with_kind(Kind::Producer)
    .with_constants(&[
        (semconv::MESSAGING_SYSTEM, ValueView::Str("rabbitmq")),
        (semconv::MESSAGING_OPERATION_NAME, ValueView::Str("publish")),
        (semconv::MESSAGING_OPERATION_TYPE, ValueView::Str("send")),
    ]);

/// `basic_publish` with a span and the context.
pub trait ChannelExt {
    /// Publishes a message with a span of kind producer, and with the context in its headers; what the caller set there
    /// wins, and the span is linked to a trace there. The span begins where the future is polled first, and ends when the
    /// broker has answered, if the channel asks for that with [`confirm_select`](Channel::confirm_select): a message that it
    /// refuses or returns is a failed one.
    ///
    /// ```
    /// use lapin::options::BasicPublishOptions;
    /// use lapin::{BasicProperties, Channel};
    /// use throughline_lapin::ChannelExt;
    ///
    /// async fn order(channel: &Channel, order: &[u8]) -> lapin::Result<()> {
    ///     let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    ///     channel.basic_publish_traced("shop".into(), "orders".into(), options, order, properties).await?.await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Channel::basic_publish`].
    fn basic_publish_traced(
        &self,
        exchange: ShortString,
        routing_key: ShortString,
        options: BasicPublishOptions,
        payload: &[u8],
        properties: BasicProperties,
    ) -> impl Future<Output = lapin::Result<TracedConfirm>> + Send;
}

impl ChannelExt for Channel {
    async fn basic_publish_traced(
        &self,
        exchange: ShortString,
        routing_key: ShortString,
        options: BasicPublishOptions,
        payload: &[u8],
        properties: BasicProperties,
    ) -> lapin::Result<TracedConfirm> {
        let span = start(&exchange, &routing_key, payload, &properties);
        let properties = span.in_scope(|| headers::with_context(properties));
        let publishing = Publishing(Some(span));
        let published = self.basic_publish(exchange, routing_key, options, payload, properties).await;
        let span = publishing.done();
        match published {
            Ok(confirm) => Ok(TracedConfirm { confirm, span }),
            Err(error) => {
                span.iter().for_each(|span| error::fail(span, &error));
                Err(error)
            }
        }
    }
}

fn start(
    exchange: &ShortString,
    routing_key: &ShortString,
    payload: &[u8],
    properties: &BasicProperties,
) -> Span {
    let span = Span::new(&PUBLISH);
    if span.is_recording() {
        let destination = destination::published(exchange.as_str(), routing_key.as_str());
        span.rename(&format!("publish {destination}"));
        span.set(semconv::MESSAGING_DESTINATION_NAME, destination);
        span.set(semconv::MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY, text(Some(routing_key)));
        span.set(semconv::MESSAGING_MESSAGE_BODY_SIZE, payload.len());
        span.set(semconv::MESSAGING_MESSAGE_ID, text(properties.message_id().as_ref()));
        let conversation = properties.correlation_id().as_ref();
        span.set(semconv::MESSAGING_MESSAGE_CONVERSATION_ID, text(conversation));
        jobs::link_sender(&span, &Received(properties.headers().as_ref()));
    }
    span
}

/// A message on its way to the broker. Dropped before it is handed over, it is cancelled.
#[derive(Debug)]
struct Publishing(Option<Span>);

impl Publishing {
    fn done(mut self) -> Option<Span> {
        self.0.take()
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        self.0.iter().for_each(|span| span.set_outcome(Outcome::Cancelled));
    }
}

/// A [`PublisherConfirm`] that knows the span of its message, which ends when the broker has answered, or when this is
/// dropped.
///
/// ```
/// # async fn example(confirms: Vec<throughline_lapin::TracedConfirm>) -> lapin::Result<()> {
/// for confirm in confirms {
///     assert!(!confirm.await?.is_nack(), "the broker took all of them");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TracedConfirm {
    confirm: PublisherConfirm,
    span: Option<Span>,
}

impl TracedConfirm {
    /// What [`Channel::basic_publish`] returned; the span ends.
    pub fn into_inner(self) -> PublisherConfirm {
        self.confirm
    }
}

impl Future for TracedConfirm {
    type Output = lapin::Result<Confirmation>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let confirmed = ready!(Pin::new(&mut self.confirm).poll(cx));
        if let Some(span) = self.span.take() {
            error::record(&span, &confirmed);
        }
        Poll::Ready(confirmed)
    }
}
