//! Events of `tracing` as events of our spans.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use throughline::Pipeline;
use throughline::logs::SpanEvents;
use throughline::span::{Sink, SpanView};
use tracing_core::LevelFilter;
use tracing_subscriber::prelude::*;

#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl Sink for Events {
    fn span(&mut self, span: &SpanView<'_>) {
        let mut events = self.0.lock().unwrap();
        for event in span.events {
            let attributes: Vec<_> =
                event.attributes.map(|(key, value)| format!("{key}={value:?}")).collect();
            events.push(format!("{}: {} [{}]", span.name, event.name, attributes.join(", ")));
        }
    }
}

/// The events of the spans that `work` makes.
fn events(layer: SpanEvents, work: impl FnOnce()) -> Vec<String> {
    let events = Events::default();
    let pipeline = Pipeline::builder().sink(events.clone()).deterministic().start().unwrap();
    {
        let _entered = pipeline.enter();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    }
    assert!(pipeline.flush(Duration::from_secs(60)));
    std::mem::take(&mut events.0.lock().unwrap())
}

#[test]
fn an_event_is_on_the_span_that_is_current() {
    let events = events(SpanEvents::new(), || {
        tracing::info!("before any span");
        throughline::span!("outer").in_scope(|| {
            tracing::info!(target: "shop", items = 3_u64, price = 0.5, paid = true, note = ?Some(1), name = "x", "placed");
            throughline::span!("inner").in_scope(|| tracing::warn!(target: "shop", "slow"));
        });
    });
    assert_eq!(
        events,
        [
            r#"inner: slow [level=Str("WARN"), target=Str("shop")]"#,
            concat!(
                r#"outer: placed [level=Str("INFO"), target=Str("shop"), items=Int(3), price=Double(0.5), "#,
                r#"paid=Bool(true), note=Str("Some(1)"), name=Str("x")]"#
            ),
        ]
    );
}

#[derive(Debug)]
struct Failure(&'static str, Option<Box<Failure>>);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

#[test]
fn an_error_comes_with_its_causes() {
    let refused = Failure("cannot connect", Some(Box::new(Failure("connection refused", None))));
    let failure = Failure("no answer", Some(Box::new(refused)));
    let events = events(SpanEvents::new(), || {
        throughline::span!("work").in_scope(|| tracing::error!(target: "t", error = &failure as &dyn Error));
    });
    assert_eq!(
        events,
        [concat!(
            r#"work: t [level=Str("ERROR"), target=Str("t"), error=Str("no answer"), "#,
            r#"error.sources=Str("cannot connect: connection refused")]"#
        )]
    );
}

#[test]
fn events_below_the_level_stay_off_the_span() {
    let work = || throughline::span!("work").in_scope(|| tracing::debug!(target: "t", "detail"));
    assert_eq!(events(SpanEvents::new(), work), [""; 0]);
    let all = SpanEvents::new().with_max_level(LevelFilter::DEBUG);
    assert_eq!(events(all, work), [r#"work: detail [level=Str("DEBUG"), target=Str("t")]"#]);
}

#[test]
fn the_line_at_the_end_of_a_request_is_no_event_of_its_span() {
    let work = || {
        throughline::span!("work").in_scope(
            || tracing::info!(target: "throughline::request", method = "GET", status = 200, "request"),
        );
    };
    assert_eq!(events(SpanEvents::new(), work), [""; 0]);
}
