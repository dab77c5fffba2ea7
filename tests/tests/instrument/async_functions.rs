//! Async functions, and functions that return futures.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use throughline::testing::capture;
use throughline::traced;

use super::{attributes, block_on, check_attributes, check_reported, logged};

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Is ready at its second poll.
async fn wait_once() {
    let mut waited = false;
    std::future::poll_fn(
        |_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

#[test]
fn the_span_is_current_in_each_poll_and_not_between_them() {
    #[traced]
    async fn work(seen: &mut Vec<Option<throughline::SpanId>>) {
        seen.push(throughline::span_id());
        wait_once().await;
        seen.push(throughline::span_id());
    }

    let mut seen = Vec::new();
    let trace = capture(|| {
        let mut future = pin!(work(&mut seen));
        assert!(poll(future.as_mut()).is_pending());
        assert_eq!(throughline::span_id(), None);
        assert!(poll(future.as_mut()).is_ready());
        assert_eq!(throughline::span_id(), None);
    });
    let id = Some(trace.root().span_id());
    assert_eq!(seen, [id, id]);
}

#[test]
fn the_span_begins_at_the_first_poll() {
    #[traced]
    async fn work() {}

    #[traced]
    fn before() {}

    let trace = capture(|| {
        let future = work();
        before();
        block_on(future);
    });
    assert_eq!(trace.spans().map(|span| span.name().to_owned()).collect::<Vec<_>>(), ["before", "work"]);
    assert!(capture(|| drop(work())).is_empty(), "a future that is never polled has none");
}

#[test]
fn what_an_async_function_awaits_is_its_child_and_logs_with_its_own_ids() {
    #[traced]
    async fn outer() {
        inner().await;
    }

    #[traced]
    async fn inner() {
        tracing::info!("nested");
    }

    let (trace, lines) = logged("trace", || block_on(outer()));
    trace.assert_tree("outer\n  inner");
    assert_eq!(lines[0]["span_id"], trace.span("inner").span_id().to_string());
}

#[async_trait::async_trait]
trait Counter {
    async fn add(&mut self, amount: usize);
    async fn show(&self) -> usize;
}

#[derive(Clone, Debug)]
struct Count(usize);

impl Count {
    fn doubled(&self) -> usize {
        self.0 * 2
    }

    #[traced(fields(of = std::any::type_name::<Self>()))]
    fn checked(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let count = self.clone();
        Box::pin(async move { assert_eq!(count.doubled(), 2 * count.0) })
    }
}

#[async_trait::async_trait]
impl Counter for Count {
    #[traced(
        args,
        fields(doubled = self.doubled(), cloned = Self::clone(self).0, sum = %amount + 1, of = std::any::type_name::<Self>())
    )]
    async fn add(&mut self, amount: usize) {
        self.0 += amount;
        self.show().await;
    }

    #[traced(skip(self))]
    async fn show(&self) -> usize {
        self.checked().await;
        self.0
    }
}

#[test]
fn methods_of_an_async_trait_nest_and_record_as_others_do() {
    let trace = capture(|| block_on(Count(2).add(5)));
    trace.assert_tree("add\n  show\n    checked");
    let add = trace.span("add");
    let of = std::any::type_name::<Count>();
    let expected = [
        ("amount", &5.into()),
        ("cloned", &2.into()),
        ("doubled", &4.into()),
        ("of", &of.into()),
        ("sum", &"6".into()),
    ];
    assert_eq!(attributes(add.record()), expected);
    assert!(attributes(trace.span("show").record()).is_empty());
    assert_eq!(trace.span("checked").attribute("of"), Some(of.into()));
}

#[test]
fn a_boxed_block_keeps_what_was_bound_before_it() {
    struct Thing {
        metrics: Arc<()>,
    }

    impl Thing {
        #[traced(skip(self, _request), fields(app_id))]
        fn call(&mut self, _request: ()) -> Pin<Box<dyn Future<Output = Arc<()>> + Send + Sync>> {
            let metrics = self.metrics.clone();
            Box::pin(async move { metrics })
        }
    }

    let metrics = Arc::new(());
    let mut thing = Thing { metrics: Arc::clone(&metrics) };
    check_attributes(|| assert!(Arc::ptr_eq(&block_on(thing.call(())), &metrics)), "");
}

#[test]
fn statements_before_a_boxed_block_run_once_at_the_call_and_in_the_span() {
    #[traced]
    fn call<'a>(log: &'a mut Vec<&'static str>) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        log.push("called");
        throughline::span!("before").end();
        Box::pin(async {
            log.push("polled");
            throughline::span!("in the block").end();
        })
    }

    let mut log = Vec::new();
    drop(call(&mut log));
    assert_eq!(log, ["called"]);
    let trace = capture(|| block_on(call(&mut log)));
    assert_eq!(log, ["called", "called", "polled"]);
    trace.assert_tree("call\n  before\n  in the block");
}

#[test]
fn what_a_span_records_is_read_before_the_statements_before_a_boxed_block_move_it() {
    #[traced(fields(text = text))]
    fn call(text: String) -> Pin<Box<dyn Future<Output = usize>>> {
        throughline::span!("before").end();
        let moved = text;
        Box::pin(async move { moved.len() })
    }

    let trace = capture(|| assert_eq!(block_on(call("tea".to_owned())), 3));
    trace.assert_tree("call\n  before");
    assert_eq!(trace.root().attribute("text"), Some("tea".into()));
}

#[test]
fn a_function_that_returns_a_block_is_one_span_with_the_block_inside() {
    #[traced]
    #[allow(clippy::manual_async_fn, reason = "it is the form that is tested")]
    fn by_hand() -> impl Future<Output = ()> {
        async {
            tracing::info!("polled");
        }
    }

    #[traced]
    #[deny(unused_braces)]
    fn boxed_by_hand() -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async {
            tracing::info!("polled");
        })
    }

    for (code, name) in [(|| block_on(by_hand())) as fn(), || block_on(boxed_by_hand())]
        .into_iter()
        .zip(["by_hand", "boxed_by_hand"])
    {
        let (trace, lines) = logged("trace", code);
        trace.assert_tree(name);
        assert_eq!(lines[0]["span_id"], trace.root().span_id().to_string());
    }
}

#[test]
fn the_output_of_a_returned_block_is_reported() {
    #[traced(ret, err)]
    #[deny(unused_braces)]
    #[allow(clippy::manual_async_fn, reason = "it is the form that is tested")]
    fn by_hand() -> impl Future<Output = Result<u8, Infallible>> {
        async { Ok(1) }
    }

    check_reported(|| block_on(by_hand()), "return", "INFO", "1");
}

#[test]
fn an_async_function_may_return_an_impl_trait_in_a_result() {
    #[traced]
    async fn numbers(up_to: i32) -> Result<impl Iterator<Item = i32>, ()> {
        Ok((0..10).filter(move |number| *number < up_to))
    }

    check_attributes(|| assert_eq!(block_on(numbers(3)).unwrap().count(), 3), "");
}
