//! The core through its public interface.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use throughline::span::{Callsite, Kind, Sink, SpanView, current, future, guard};
use throughline::{FutureExt, Pipeline};

#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<String>>>);

impl Sink for Names {
    fn span(&mut self, span: &SpanView<'_>) {
        let attributes: Vec<String> = span.attributes.map(|(k, v)| format!("{k}={v:?}")).collect();
        self.0.lock().unwrap().push(format!(
            "{} {} <- {:?} {:?} {}ns {:?} {}",
            span.trace_id,
            span.name,
            span.parent,
            span.outcome,
            span.duration,
            attributes,
            span.events.len()
        ));
    }
}

static OUTER: Callsite = Callsite::new("outer", module_path!(), file!(), line!(), &["a"]);
static INNER: Callsite =
    Callsite::new("inner", module_path!(), file!(), line!(), &["x", "y"]).with_kind(Kind::Client);

#[test]
fn smoke() {
    let names = Names::default();
    let pipeline = Pipeline::builder().sink(names.clone()).deterministic().start().unwrap();
    {
        let _entered = pipeline.enter();
        let mut outer = guard::Guard::new();
        outer.enter(&OUTER);
        current::record(&OUTER, &[(0, throughline::span::Value::Str("hello world this is long"))]);
        for index in 0..3 {
            let mut inner = guard::Guard::new();
            inner.enter(&INNER);
            current::set("n", index);
            throughline::event!("happened", a.b = %index, list = vec![1, 2]);
        }
        let span = throughline::span!("handle", x = 1, y.z = ?"q");
        let future = future::traced(&INNER, async { 3 }, |_| ()).in_span(span);
        let mut future = std::pin::pin!(future);
        let waker = std::task::Waker::noop();
        assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
    }
    assert!(pipeline.flush(Duration::from_secs(5)));
    for line in names.0.lock().unwrap().iter() {
        println!("{line}");
    }
    println!("{:?}", pipeline.stats());
    drop(pipeline);
    let pipeline = Pipeline::builder().sink(names.clone()).start().unwrap();
    {
        let _entered = pipeline.enter();
        let mut outer = guard::Guard::new();
        outer.enter(&OUTER);
        let mut inner = guard::Guard::new();
        inner.enter(&INNER);
    }
    assert!(pipeline.flush(Duration::from_secs(5)));
    for line in names.0.lock().unwrap().iter() {
        println!("{line}");
    }
}
