//! Where the code of a span is: the path of its function, whatever the span is called.

use std::collections::BTreeMap;
use std::pin::Pin;

use futures_util::stream::{self, Stream, StreamExt as _};
use throughline::testing::{Trace, capture, capture_async};
use throughline::traced;

#[traced]
fn free() {}

#[traced(name = "another name")]
fn named() {}

#[traced]
async fn not_now() {}

#[traced]
fn r#match<T>(_: T) {}

fn plain() {
    throughline::span!("inner work").end();
    let closure = || throughline::span!("in a closure").end();
    closure();
}

async fn plain_async() {
    throughline::span!("in an async function").end();
}

mod inner {
    use throughline::traced;

    pub(super) struct Cart<T>(pub(super) T);

    pub(super) trait Sell {
        #[traced]
        fn by_default(&self) {}
        fn sell(&self);
    }

    impl Cart<u8> {
        #[traced]
        pub(super) async fn checkout(&self) {}
    }
}

use inner::{Cart, Sell};

impl<T: Clone> Cart<T> {
    #[traced(name = "pay")]
    fn pay_for_it(&self) {}
}

impl<T> Sell for Cart<Vec<T>> {
    #[traced]
    fn sell(&self) {}
}

struct Shop;

impl Sell for Shop {
    #[traced(name = "POST /sell")]
    fn sell(&self) {}
}

impl Sell for &Shop {
    #[traced(name = "sell for another")]
    fn sell(&self) {}
}

#[async_trait::async_trait]
trait Deliver {
    async fn deliver(&self);
}

#[async_trait::async_trait]
impl Deliver for Shop {
    #[traced]
    async fn deliver(&self) {}
}

impl Shop {
    #[traced]
    fn boxed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async {})
    }

    #[traced]
    fn numbers(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter(0..2)
    }
}

/// The function of each span.
fn functions(trace: &Trace) -> BTreeMap<String, String> {
    let function =
        |span: &throughline::testing::SpanNode<'_>| span.callsite().function().expect("a function");
    trace.spans().map(|span| (span.name().to_owned(), function(&span))).collect()
}

#[track_caller]
fn check(trace: &Trace, expected: &[(&str, &str)]) {
    let expected = expected.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned()));
    assert_eq!(functions(trace), expected.collect());
}

#[test]
fn a_function_is_known_by_its_own_path() {
    let trace = capture(|| {
        free();
        named();
        r#match(1);
        plain();
    });
    check(
        &trace,
        &[
            ("free", "traced_code::free"),
            ("another name", "traced_code::named"),
            ("match", "traced_code::match"),
            ("inner work", "traced_code::plain"),
            ("in a closure", "traced_code::plain"),
        ],
    );
}

#[test]
fn a_method_is_known_by_its_type() {
    let trace = capture(|| {
        Cart(1).pay_for_it();
        Shop.sell();
        Shop.by_default();
        <&Shop as Sell>::sell(&&Shop);
    });
    check(
        &trace,
        &[
            ("pay", "traced_code::inner::Cart::pay_for_it"),
            ("POST /sell", "traced_code::Shop::sell"),
            ("by_default", "traced_code::inner::Sell::by_default"),
            ("sell for another", "&traced_code::Shop::sell"),
        ],
    );
    check(&capture(|| Cart(vec![1]).sell()), &[("sell", "traced_code::inner::Cart<alloc::vec::Vec>::sell")]);
}

#[tokio::test]
async fn what_runs_later_is_known_by_the_function_that_was_called() {
    let trace = capture_async(async {
        not_now().await;
        plain_async().await;
        Cart(1).checkout().await;
        Shop.deliver().await;
        Shop.boxed().await;
        assert_eq!(Shop.numbers().count().await, 2);
    })
    .await;
    check(
        &trace,
        &[
            ("not_now", "traced_code::not_now"),
            ("in an async function", "traced_code::plain_async"),
            ("checkout", "traced_code::inner::Cart<u8>::checkout"),
            ("deliver", "traced_code::Shop::deliver"),
            ("boxed", "traced_code::Shop::boxed"),
            ("numbers", "traced_code::Shop::numbers"),
        ],
    );
}
