//! Baggage in headers of other tracing systems, through RabbitMQ: the formats are those of the process, so that this one is
//! its own.

#[path = "lapin/broker.rs"]
#[expect(dead_code, reason = "one test needs a part of it")]
mod broker;

use broker::{captured, consume, next, publish, publish_plainly, queue, text};
use lapin::BasicProperties;
use throughline::propagation::{Config, Propagators};
use throughline::{Context, ContextParts, FutureExt as _};
use throughline_lapin::DeliveryExt as _;

fn baggage() -> Context {
    let mut parts = ContextParts::default();
    parts.baggage.set("tenant", "Löwe & Co", "");
    parts.baggage.set("user", "ada", "");
    parts.into()
}

#[test]
fn baggage_in_headers_of_its_own_goes_through_rabbitmq() {
    let mut config = Config::default();
    config.propagators = Propagators::parse("jaeger,ottrace").propagators;
    config.install().unwrap();
    let theirs = [
        ("UBER-Trace-Id", "deadbeef:deadbef0:0:1"),
        ("UberCtx-Tenant", "L%C3%B6we%20&%20Co"),
        ("Ot-Tracer-TraceId", "deadbeef"),
        ("Ot-Tracer-SpanId", "deadbef0"),
        ("Ot-Baggage-User", "ada"),
    ];
    let Some(trace) = captured(async |channel| {
        let name = "formats";
        queue(&channel, name, &[]).await;
        publish(&channel, name, BasicProperties::default()).in_context(baggage()).await;
        publish_plainly(&channel, name, &theirs.map(|(key, value)| (key, text(value)))).await;
        let mut consumer = consume(&channel, name).await;
        for _ in 0..2 {
            let read = async || {
                assert_eq!(throughline::baggage::get("tenant").as_deref(), Some("Löwe & Co"));
                assert_eq!(throughline::baggage::get("user").as_deref(), Some("ada"));
            };
            next(&mut consumer).await.traced(name).run(read).await;
        }
    }) else {
        return;
    };
    assert_eq!(trace.spans_named("process formats").count(), 2);
}
