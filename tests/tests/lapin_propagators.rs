//! Messages through RabbitMQ where the process speaks other formats of context than the usual.

#[path = "lapin/broker.rs"]
#[expect(dead_code, reason = "one test needs a part of it")]
mod broker;

use broker::{captured, consume, header, in_request, linked, next, publish, queue, table, text};
use lapin::BasicProperties;
use throughline::propagation::{Config, Propagators};

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "05e3ac9a4f6e3b90";

#[test]
fn a_trace_that_the_caller_set_in_another_format_wins_and_the_span_is_linked_to_it() {
    let mut config = Config::default();
    config.propagators = Propagators::parse("b3").propagators;
    config.install().unwrap();
    let own = format!("{TRACE}-{SPAN}-1");
    let Some(trace) = captured(async |channel| {
        let name = "propagators";
        queue(&channel, name, &[]).await;
        let mut consumer = consume(&channel, name).await;
        for (key, value) in [("B3", &*own), ("traceparent", &format!("00-{TRACE}-{SPAN}-01"))] {
            let properties = BasicProperties::default().with_headers(table(&[(key, text(value))]));
            in_request(publish(&channel, name, properties)).await;
            let message = next(&mut consumer).await;
            assert_eq!(header(&message, key).unwrap(), value);
            // The usual header means nothing to this process.
            assert_eq!(header(&message, "b3").is_some(), key == "traceparent");
        }
    }) else {
        return;
    };
    let links: Vec<_> = trace.spans_named("publish propagators").map(|span| linked(&span)).collect();
    assert_eq!(links, [vec![(TRACE.parse().unwrap(), SPAN.parse().unwrap())], vec![]]);
}
