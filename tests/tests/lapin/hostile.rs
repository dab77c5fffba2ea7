//! Headers that nobody should send.

use futures_util::StreamExt;
use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, ByteArray, DecimalValue, FieldArray, FieldTable, ShortString};
use serde_json::Value;
use throughline::logs::JsonLayer;
use throughline::testing::OwnedValue;
use throughline_lapin::{ChannelExt, DeliveryExt};
use throughline_test_servers::RabbitMq;
use throughline_tests::lines::Lines;
use tracing_subscriber::prelude::*;

use crate::broker::{
    captured, connect, consume, header, in_request, next, publish_plainly, queue, table, text,
};

/// The largest frame that RabbitMQ takes, and what of the one of the properties is not theirs.
const FRAME: usize = 128 * 1024;
const AROUND: usize = 20;

/// What came of a message with these headers: the IDs on its span, and the one in the log line of its work.
struct Seen {
    request_id: String,
    replaced: Option<OwnedValue>,
    is_minted: bool,
    is_child: bool,
}

/// Works on a message with each of these headers, in their order.
fn see(name: &str, messages: &[Vec<(&str, AMQPValue)>]) -> Option<Vec<Seen>> {
    let lines = Lines::default();
    let layer = JsonLayer::new().with_writer(lines.clone());
    let _subscribed = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let trace = captured(async |channel| {
        queue(&channel, name, &[]).await;
        let mut consumer = consume(&channel, name).await;
        for headers in messages {
            publish_plainly(&channel, name, headers).await;
            let message = next(&mut consumer).await;
            message.traced(name).run(async || tracing::info!(target: "work", "done")).await;
        }
    })?;
    let logged: Vec<Value> = lines.take_json().into_iter().filter(|line| line["target"] == "work").collect();
    let spans: Vec<_> = trace.spans().collect();
    assert_eq!((spans.len(), logged.len()), (messages.len(), messages.len()));
    let seen = spans.iter().zip(logged).map(|(span, line)| {
        let request_id = span.attribute("request.id").unwrap().as_str().unwrap().to_owned();
        assert_eq!(line["request_id"], request_id);
        assert_eq!(line["trace_id"], span.trace_id().to_string());
        Seen {
            request_id,
            replaced: span.attribute("request.id.replaced"),
            is_minted: span.attribute("request.id.minted").is_some(),
            is_child: span.parent_id().is_some(),
        }
    });
    Some(seen.collect())
}

fn array(elements: &[AMQPValue]) -> AMQPValue {
    AMQPValue::FieldArray(FieldArray::from(elements.to_vec()))
}

#[test]
fn a_request_id_is_read_from_text_of_any_type_and_from_integers() {
    let values = [
        (text("req-abc"), "req-abc"),
        (AMQPValue::ByteArray(ByteArray::from(&b"req-abc"[..])), "req-abc"),
        (array(&[text("req-abc")]), "req-abc"),
        (array(&[AMQPValue::Void, AMQPValue::Boolean(true), text("req-abc")]), "req-abc"),
        (AMQPValue::ShortShortInt(7), "7"),
        (AMQPValue::ShortShortUInt(200), "200"),
        (AMQPValue::ShortInt(-7), "-7"),
        (AMQPValue::ShortUInt(40_000), "40000"),
        (AMQPValue::LongInt(i32::MIN), "-2147483648"),
        (AMQPValue::LongUInt(u32::MAX), "4294967295"),
        (AMQPValue::LongLongInt(i64::MAX), "9223372036854775807"),
    ];
    let messages: Vec<_> = values.iter().map(|(value, _)| vec![("X-Request-ID", value.clone())]).collect();
    let Some(seen) = see("hostile-types", &messages) else { return };
    for (seen, (value, expected)) in seen.iter().zip(&values) {
        assert_eq!(seen.request_id, *expected, "{value:?}");
        assert!(!seen.is_minted && seen.replaced.is_none(), "{value:?}");
    }
}

#[test]
fn what_is_no_text_is_no_request_id_and_one_is_made() {
    let deep = (0..20).fold(text("req-abc"), |inner, _| array(&[inner]));
    let values = [
        AMQPValue::Void,
        AMQPValue::Boolean(true),
        AMQPValue::Float(1.5),
        AMQPValue::Double(f64::MAX),
        AMQPValue::DecimalValue(DecimalValue { scale: 2, value: 314 }),
        AMQPValue::Timestamp(u64::MAX),
        AMQPValue::FieldTable(table(&[("X-Request-ID", text("req-abc"))])),
        AMQPValue::FieldTable(FieldTable::default()),
        array(&[]),
        deep,
    ];
    let messages: Vec<_> = values.iter().map(|value| vec![("X-Request-ID", value.clone())]).collect();
    let Some(seen) = see("hostile-no-text", &messages) else { return };
    for (seen, value) in seen.iter().zip(&values) {
        assert!(seen.is_minted && seen.request_id.starts_with("req-"), "{value:?}: {}", seen.request_id);
    }
}

#[test]
fn a_malformed_request_id_is_replaced_and_kept_escaped() {
    let values: [(&[u8], &str); 5] = [
        (b"two words", "two words"),
        (b"a\r\n{\"level\":\"ERROR\"}\n", r#"a\r\n{\"level\":\"ERROR\"}\n"#),
        (b"\x00\x1b[31m\x7f", r"\x00\x1b[31m\x7f"),
        (b"\xff\xfe\xc3\x28", ""),
        (&[b'x'; 100_000], ""),
    ];
    let several = array(&[text("req-a"), text("req-b")]);
    let long_text = |bytes: &[u8]| AMQPValue::LongString(bytes.to_vec().into());
    let mut messages: Vec<_> =
        values.iter().map(|(value, _)| vec![("X-Request-ID", long_text(value))]).collect();
    messages.push(vec![("X-Request-ID", several)]);
    let Some(seen) = see("hostile-malformed", &messages) else { return };
    for (seen, (value, escaped)) in seen.iter().zip(&values) {
        let replaced = seen.replaced.as_ref().expect("what it replaces").as_str().unwrap();
        assert!(seen.request_id.starts_with("req-") && !seen.is_minted);
        assert!(replaced.len() <= 128 && !replaced.contains(char::is_control), "{replaced:?}");
        if !escaped.is_empty() {
            assert_eq!(replaced, *escaped, "{value:?}");
        }
    }
    assert_eq!(seen.last().unwrap().replaced, Some("req-a,req-b".into()));
}

#[test]
fn a_trace_that_is_there_twice_is_nobodys() {
    let one = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let messages = [
        vec![("traceparent", text(one))],
        vec![("traceparent", text(one)), ("Traceparent", text(other))],
        vec![("traceparent", array(&[text(one), text(other)]))],
        vec![("traceparent", text(one)), ("tracestate", AMQPValue::LongString(vec![0xff; 5000].into()))],
        vec![("traceparent", AMQPValue::Timestamp(1))],
    ];
    let Some(seen) = see("hostile-traces", &messages) else { return };
    let is_child: Vec<bool> = seen.iter().map(|seen| seen.is_child).collect();
    assert_eq!(is_child, [true, false, false, true, false]);
}

#[test]
fn headers_without_number_do_no_harm() {
    let many: Vec<String> = (0..8_000).map(|number| format!("h{number}")).collect();
    let mut headers: Vec<(&str, AMQPValue)> =
        many.iter().map(|key| (key.as_str(), AMQPValue::Void)).collect();
    headers.push(("X-Request-ID", text("req-abc")));
    let Some(seen) = see("hostile-many", &[headers]) else { return };
    assert_eq!(seen[0].request_id, "req-abc");
}

/// The caller's headers as large as they can be: a byte more, and the broker would close the connection.
#[test]
fn headers_that_fill_the_frame_are_sent_as_they_are() {
    // Flags of the properties, the length of the table, a key with its length, a type, the length of a text.
    let around = AROUND + 2 + 4 + (1 + 6) + 1 + 4;
    let context = "traceparent".len() + 6 + 55 + "X-Request-ID".len() + 6 + "req-abc".len();
    let Some(_) = captured(async |channel| {
        let name = "hostile-full";
        queue(&channel, name, &[]).await;
        let mut consumer = consume(&channel, name).await;
        for (left, is_sent) in [(0, false), (context - 1, false), (context, true)] {
            let filler = AMQPValue::LongString(vec![b'x'; FRAME - around - left].into());
            let headers = table(&[("filler", filler.clone())]);
            let properties = BasicProperties::default().with_headers(headers);
            let options = BasicPublishOptions::default();
            let published =
                channel.basic_publish_traced("".into(), name.into(), options, b"hello", properties);
            in_request(published).await.unwrap();
            let message = next(&mut consumer).await;
            let received = message.properties.headers().as_ref().unwrap().inner();
            assert_eq!(received.get("filler"), Some(&filler));
            assert_eq!(header(&message, "X-Request-ID").is_some(), is_sent, "{left} bytes are left");
            assert_eq!(header(&message, "traceparent").is_some(), is_sent, "{left} bytes are left");
        }
        let other = connect(RabbitMq::shared().unwrap()).await.create_channel().await.unwrap();
        let larger = [("filler", AMQPValue::LongString(vec![b'x'; FRAME - around + 1].into()))];
        queue(&other, "hostile-larger", &[]).await;
        let mut consumer = consume(&other, "hostile-larger").await;
        let properties = BasicProperties::default().with_headers(table(&larger));
        let (to, options) = ("hostile-larger".into(), BasicPublishOptions::default());
        let _ = other.basic_publish("".into(), to, options, b"hello", properties).await;
        assert!(consumer.next().await.unwrap().is_err(), "nobody takes more");
    }) else {
        return;
    };
}

#[test]
fn the_longest_keys_are_left_alone() {
    let key = "k".repeat(255);
    let Some(_) = captured(async |channel| {
        let name = "hostile-keys";
        queue(&channel, name, &[]).await;
        let mut headers = table(&[]);
        headers.insert(ShortString::from(key.as_str()), text("\u{0}\n"));
        headers.insert(ShortString::from("\u{0}\r\n\u{202e}"), text(""));
        let properties = BasicProperties::default().with_headers(headers.clone());
        let options = BasicPublishOptions::default();
        let published = channel.basic_publish_traced("".into(), name.into(), options, b"hello", properties);
        in_request(published).await.unwrap();
        let message = next(&mut consume(&channel, name).await).await;
        for (key, value) in &headers {
            assert_eq!(message.properties.headers().as_ref().unwrap().inner().get(key), Some(value));
        }
        assert_eq!(header(&message, "X-Request-ID").unwrap(), "req-abc");
    }) else {
        return;
    };
}
