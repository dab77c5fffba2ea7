//! What is sent, and what becomes of it.

use futures_util::FutureExt;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Confirmation};
use throughline::span::{Kind, Outcome};
use throughline_lapin::ChannelExt;

use crate::broker::{captured, consume, header, ids, in_request, linked, next, publish, queue, table, text};

const TRACE_PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn the_span_of_a_message_says_where_it_goes_and_what_it_is() {
    let Some(trace) = captured(async |channel| {
        let properties =
            BasicProperties::default().with_message_id("m-1".into()).with_correlation_id("c-1".into());
        let options = BasicPublishOptions::default();
        let published = channel.basic_publish_traced(
            "amq.topic".into(),
            "orders.new".into(),
            options,
            b"hello",
            properties,
        );
        in_request(published).await.unwrap().await.unwrap();
        publish(&channel, "publishing-attributes", BasicProperties::default()).await;
        publish(&channel, "amq.gen-0nThatABrokerMadeUp", BasicProperties::default()).await;
    }) else {
        return;
    };
    let span = trace.span("publish amq.topic:orders.new");
    assert_eq!((span.kind(), span.outcome()), (Kind::Producer, Outcome::Ok));
    assert_eq!(span.parent_id(), Some(trace.span("request").span_id()));
    for (key, value) in [
        ("messaging.system", Some("rabbitmq".into())),
        ("messaging.operation.name", Some("publish".into())),
        ("messaging.operation.type", Some("send".into())),
        ("messaging.destination.name", Some("amq.topic:orders.new".into())),
        ("messaging.rabbitmq.destination.routing_key", Some("orders.new".into())),
        ("messaging.message.body.size", Some(5.into())),
        ("messaging.message.id", Some("m-1".into())),
        ("messaging.message.conversation_id", Some("c-1".into())),
    ] {
        assert_eq!(span.attribute(key), value, "{key}");
    }
    let span = trace.span("publish publishing-attributes");
    assert_eq!(span.attribute("messaging.message.id"), None);
    let span = trace.span("publish amq.default");
    let key = span.attribute("messaging.rabbitmq.destination.routing_key");
    assert_eq!(key, Some("amq.gen-0nThatABrokerMadeUp".into()));
}

#[test]
fn the_context_is_in_the_headers_beside_those_of_the_caller() {
    let Some(trace) = captured(async |channel| {
        let name = "publishing-headers";
        queue(&channel, name, &[]).await;
        let properties = BasicProperties::default().with_headers(table(&[("tenant", text("acme"))]));
        let publishing = async {
            throughline::baggage::set("user", "ada");
            publish(&channel, name, properties.with_app_id("shop".into())).await;
        };
        in_request(publishing).await;
        let message = next(&mut consume(&channel, name).await).await;
        assert_eq!(header(&message, "tenant").unwrap(), "acme");
        assert_eq!(header(&message, "X-Request-ID").unwrap(), "req-abc");
        assert_eq!(header(&message, "baggage").unwrap(), "user=ada");
        assert_eq!(message.properties.app_id().as_ref().unwrap().as_str(), "shop");
        throughline::span!("check", sent = header(&message, "traceparent").unwrap()).end();
    }) else {
        return;
    };
    let (trace_id, span_id) = ids(&trace.span("publish publishing-headers"));
    let sent = trace.span("check").attribute("sent").unwrap();
    assert_eq!(sent, format!("00-{trace_id}-{span_id}-03"));
}

#[test]
fn what_the_caller_set_wins_and_the_span_is_linked_to_it() {
    let Some(trace) = captured(async |channel| {
        let name = "publishing-own-headers";
        queue(&channel, name, &[]).await;
        let own = [("x-request-id", text("req-own")), ("Traceparent", text(TRACE_PARENT))];
        in_request(publish(&channel, name, BasicProperties::default().with_headers(table(&own)))).await;
        let message = next(&mut consume(&channel, name).await).await;
        assert_eq!(message.properties.headers().as_ref(), Some(&table(&own)));
    }) else {
        return;
    };
    let own = throughline::extract(&[("traceparent", TRACE_PARENT)]);
    let own = (own.trace_id().unwrap(), own.span_id().unwrap());
    assert_eq!(linked(&trace.span("publish publishing-own-headers")), [own]);
}

#[test]
fn a_request_id_goes_along_while_tracing_is_off() {
    let Some(broker) = throughline_test_servers::RabbitMq::shared() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = crate::broker::connect(broker).await;
        let channel = connection.create_channel().await.unwrap();
        queue(&channel, "publishing-off", &[]).await;
        in_request(publish(&channel, "publishing-off", BasicProperties::default())).await;
        let mut consumer = consume(&channel, "publishing-off").await;
        let sent = table(&[("X-Request-ID", text("req-abc"))]);
        assert_eq!(next(&mut consumer).await.properties.headers().as_ref(), Some(&sent));
        publish(&channel, "publishing-off", BasicProperties::default()).await;
        assert_eq!(next(&mut consumer).await.properties.headers().as_ref(), None);
    });
}

#[test]
fn a_message_that_the_broker_returns_or_refuses_is_a_failed_one() {
    let Some(trace) = captured(async |channel| {
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let nobody = "publishing-to-nobody".into();
        let properties = BasicProperties::default();
        let confirm = channel.basic_publish_traced("".into(), nobody, mandatory, b"hello", properties).await;
        let confirmation = confirm.unwrap().await.unwrap();
        assert_eq!(confirmation.take_message().unwrap().data, b"hello", "the caller gets it back");

        let full =
            [("x-max-length", lapin::types::AMQPValue::LongInt(1)), ("x-overflow", text("reject-publish"))];
        queue(&channel, "publishing-full", &full).await;
        publish(&channel, "publishing-full", BasicProperties::default()).await;
        let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        let to = "publishing-full".into();
        let confirm = channel.basic_publish_traced("".into(), to, options, b"hello", properties).await;
        assert_eq!(confirm.unwrap().await.unwrap(), Confirmation::Nack(None));
    }) else {
        return;
    };
    let returned = trace.span("publish publishing-to-nobody");
    assert_eq!((returned.outcome(), returned.message()), (Outcome::Error, Some("NO_ROUTE")));
    assert_eq!(returned.attribute("error.type"), Some("NO-ROUTE".into()));
    let outcomes: Vec<_> = trace
        .spans_named("publish publishing-full")
        .map(|span| (span.outcome(), span.attribute("error.type")))
        .collect();
    assert_eq!(outcomes, [(Outcome::Ok, None), (Outcome::Error, Some("nack".into()))]);
}

#[test]
fn a_message_that_cannot_be_sent_fails_and_the_caller_is_told() {
    let Some(trace) = captured(async |channel| {
        channel.close(200, "done".into()).await.unwrap();
        let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        let to = "publishing-closed".into();
        let sent = channel.basic_publish_traced("".into(), to, options, b"hello", properties).await;
        assert!(matches!(sent.unwrap_err().kind(), lapin::ErrorKind::InvalidChannelState(..)));
    }) else {
        return;
    };
    let span = trace.span("publish publishing-closed");
    assert_eq!(span.outcome(), Outcome::Error);
    assert_eq!(span.attribute("error.type"), Some("lapin::Error".into()));
    assert!(span.message().unwrap().contains("Closed"), "{:?}", span.message());
}

#[test]
fn only_a_message_that_was_never_handed_over_is_cancelled() {
    let Some(trace) = captured(async |channel| {
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        let publish = |to: &str| {
            let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
            channel.basic_publish_traced("".into(), to.into(), options, b"hello", properties)
        };
        // Another thread writes to the socket, and now and then it is as fast as this.
        while publish("publishing-dropped").now_or_never().is_some() {}
        drop(publish("publishing-not-waited-for").await.unwrap());
        let confirm = publish("publishing-unwrapped").await.unwrap().into_inner();
        assert_eq!(confirm.await.unwrap(), Confirmation::Ack(None));
        assert!(channel.wait_for_confirms().await.unwrap().is_empty());
    }) else {
        return;
    };
    let mut dropped: Vec<_> =
        trace.spans_named("publish publishing-dropped").map(|span| span.outcome()).collect();
    assert_eq!(dropped.pop(), Some(Outcome::Cancelled));
    assert!(dropped.iter().all(|outcome| *outcome == Outcome::Ok), "{dropped:?}");
    assert_eq!(trace.span("publish publishing-not-waited-for").outcome(), Outcome::Ok);
    assert_eq!(trace.span("publish publishing-unwrapped").outcome(), Outcome::Ok);
}
