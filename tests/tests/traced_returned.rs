//! Functions that return futures and streams, boxed or not.

mod support;

use std::future::Future;
use std::pin::Pin;

use futures_util::stream::{self, BoxStream, Stream, StreamExt as _};
use support::check_async;
use throughline::{Context, FutureExt as _, llm_span, traced};

#[traced]
async fn leaf() {}

#[traced(fields(n))]
fn block(n: u32) -> impl Future<Output = Result<u32, String>> {
    async move {
        throughline::set("n", n);
        leaf().await;
        n.checked_sub(1).ok_or_else(|| "too small".to_owned())
    }
}

#[test]
fn the_span_of_a_returned_block_is_that_of_the_block() {
    check_async(
        async {
            assert!(block(1).await.is_ok());
            assert!(block(0).await.is_err());
        },
        &[
            "block n=1",
            "  leaf",
            "block !Error \"too small\" n=0 error.type=\"alloc::string::String\"",
            "  leaf",
        ],
    );
}

#[test]
fn a_returned_block_follows_the_span_it_is_put_into() {
    check_async(
        async {
            let _ = block(1).in_span(throughline::span!("around")).await;
        },
        &["around", "  block n=1", "    leaf"],
    );
}

struct Service {
    name: &'static str,
}

impl Service {
    #[traced(fields(name = self.name))]
    fn boxed<'a>(&'a self, words: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
        Box::pin(async move {
            leaf().await;
            words.len() + self.name.len()
        })
    }

    #[traced(fields(name = self.name))]
    fn made_before(&self) -> impl Future<Output = Result<(), String>> + 'static {
        let name = self.name;
        std::future::ready(if name.is_empty() { Err("nameless".to_owned()) } else { Ok(()) })
    }
}

#[test]
fn a_boxed_future_keeps_its_type_and_its_fields() {
    check_async(
        async { assert_eq!(Service { name: "s" }.boxed("four").await, 5) },
        &["boxed name=\"s\"", "  leaf"],
    );
}

#[test]
fn the_outcome_of_a_future_made_before_is_taken() {
    check_async(
        async { assert!(Service { name: "" }.made_before().await.is_err()) },
        &["made_before !Error \"nameless\" name=\"\" error.type=\"alloc::string::String\""],
    );
}

#[async_trait::async_trait]
trait Shop {
    async fn sell(&self, item: &str, amount: u32) -> Result<u32, String>;
}

#[async_trait::async_trait]
impl Shop for Service {
    #[traced(fields(shop = self.name), args)]
    async fn sell(&self, item: &str, amount: u32) -> Result<u32, String> {
        leaf().await;
        if amount == 0 {
            return Err(format!("no {item}"));
        }
        Ok(amount)
    }
}

#[test]
fn a_method_of_an_async_trait_is_traced() {
    check_async(
        async {
            let shop: &dyn Shop = &Service { name: "s" };
            assert!(shop.sell("tea", 0).await.is_err());
        },
        &[
            "sell !Error \"no tea\" item=\"tea\" amount=0 shop=\"s\" error.type=\"alloc::string::String\"",
            "  leaf",
        ],
    );
}

#[traced(fields(n = n))]
fn numbers(n: u32) -> impl Stream<Item = Result<u32, String>> {
    stream::iter(0..n).then(|n| async move {
        leaf().await;
        if n == 2 { Err("two".to_owned()) } else { Ok(n) }
    })
}

#[test]
fn a_stream_has_a_span_to_its_end() {
    check_async(
        async { assert_eq!(numbers(2).collect::<Vec<_>>().await.len(), 2) },
        &["numbers n=2", "  leaf", "  leaf"],
    );
}

#[test]
fn the_last_item_decides() {
    check_async(
        async { assert_eq!(numbers(3).collect::<Vec<_>>().await.len(), 3) },
        &["numbers !Error \"two\" n=3 error.type=\"alloc::string::String\"", "  leaf", "  leaf", "  leaf"],
    );
    let spans = support::spans_of(async { assert_eq!(numbers(4).collect::<Vec<_>>().await.len(), 4) });
    assert!(spans.starts_with("numbers \"two\" n=4"), "{spans}");
}

#[test]
fn a_stream_that_is_dropped_early_is_cancelled() {
    check_async(
        async { assert!(Box::pin(numbers(9)).next().await.is_some()) },
        &["numbers !Cancelled n=9", "  leaf"],
    );
    let spans =
        support::spans_of(async { assert_eq!(numbers(9).take(3).collect::<Vec<_>>().await.len(), 3) });
    assert!(spans.starts_with("numbers !Error \"two\" n=9"), "{spans}");
}

#[traced]
async fn open(n: u32) -> Result<impl Stream<Item = u32>, String> {
    leaf().await;
    if n == 0 {
        return Err("nothing".into());
    }
    Ok(stream::iter(0..n))
}

#[traced]
async fn open_boxed(n: u32) -> Result<BoxStream<'static, u32>, String> {
    open(n).await.map(|stream| stream.boxed())
}

#[test]
fn an_async_function_hands_its_span_to_its_stream() {
    check_async(
        async { assert_eq!(open(3).await.unwrap().collect::<Vec<_>>().await, [0, 1, 2]) },
        &["open", "  leaf"],
    );
    check_async(
        async { assert!(open(0).await.is_err()) },
        &["open !Error \"nothing\" error.type=\"alloc::string::String\"", "  leaf"],
    );
    check_async(async { drop(open(3).await) }, &["open !Cancelled", "  leaf"]);
}

#[traced]
fn perhaps(n: Option<u32>) -> Option<impl Stream<Item = Result<u32, String>>> {
    throughline::event!("asked");
    let n = n?;
    Some(numbers(n))
}

#[traced]
async fn perhaps_boxed(n: Option<u32>) -> Result<Option<BoxStream<'static, u32>>, String> {
    leaf().await;
    match n {
        Some(0) => Err("nothing".to_owned()),
        n => Ok(n.map(|n| stream::iter(0..n).boxed())),
    }
}

#[test]
fn a_stream_in_an_option_has_a_span_to_its_end() {
    check_async(
        async {
            assert_eq!(perhaps(Some(2)).unwrap().count().await, 2);
            assert_eq!(perhaps(Some(3)).unwrap().count().await, 3);
            drop(perhaps(Some(1)));
            assert!(perhaps(None).is_none());
        },
        &[
            "perhaps @asked",
            "  numbers n=2",
            "    leaf",
            "    leaf",
            "perhaps !Error \"two\" error.type=\"alloc::string::String\" @asked",
            "  numbers !Error \"two\" n=3 error.type=\"alloc::string::String\"",
            "    leaf",
            "    leaf",
            "    leaf",
            "perhaps !Cancelled @asked",
            "  numbers !Cancelled n=1",
            "perhaps @asked",
        ],
    );
}

#[test]
fn a_stream_in_an_option_in_a_result_has_a_span_to_its_end() {
    check_async(
        async {
            assert_eq!(perhaps_boxed(Some(2)).await.unwrap().unwrap().count().await, 2);
            drop(perhaps_boxed(Some(2)).await);
            assert!(perhaps_boxed(None).await.unwrap().is_none());
            assert!(perhaps_boxed(Some(0)).await.is_err());
        },
        &[
            "perhaps_boxed",
            "  leaf",
            "perhaps_boxed !Cancelled",
            "  leaf",
            "perhaps_boxed",
            "  leaf",
            "perhaps_boxed !Error \"nothing\" error.type=\"alloc::string::String\"",
            "  leaf",
        ],
    );
}

#[test]
fn streams_nest() {
    check_async(
        async { assert_eq!(open_boxed(2).await.unwrap().count().await, 2) },
        &["open_boxed", "  open", "    leaf"],
    );
}

#[derive(serde::Serialize)]
struct Chunk {
    model: &'static str,
    choices: Vec<u32>,
    usage: Option<Counts>,
}

#[derive(Clone, Copy, serde::Serialize)]
struct Counts {
    prompt_tokens: u32,
    completion_tokens: u32,
}

fn chunks() -> impl Stream<Item = Result<Chunk, String>> {
    let usage = Counts { prompt_tokens: 7, completion_tokens: 3 };
    stream::iter([None, None, Some(usage)])
        .map(|usage| Ok(Chunk { model: "m-1", choices: Vec::new(), usage }))
}

#[llm_span(provider = "local", model = model)]
async fn chat(model: &str) -> Result<impl Stream<Item = Result<Chunk, String>> + use<>, String> {
    leaf().await;
    Ok(chunks())
}

#[llm_span(provider = "local", model = "m")]
fn chat_at_once() -> Pin<Box<dyn Stream<Item = Result<Chunk, String>> + Send>> {
    Box::pin(chunks())
}

#[llm_span(provider = "local", model = "m")]
fn chat_perhaps(asked: bool) -> Option<impl Stream<Item = Result<Chunk, String>>> {
    asked.then(chunks)
}

#[test]
fn a_model_that_was_not_asked_has_ended_its_call() {
    let spans = support::spans_of(async {
        assert_eq!(chat_perhaps(true).unwrap().count().await, 3);
        assert!(chat_perhaps(false).is_none());
    });
    let spans: Vec<&str> = spans.lines().collect();
    assert!(spans[0].contains("throughline.llm.chunks=3"), "{spans:#?}");
    assert!(spans[1].starts_with("chat m Client gen_ai."), "{spans:#?}");
    assert_eq!(spans.len(), 2, "{spans:#?}");
}

#[test]
fn the_chunks_of_a_model_are_read_on_the_span_of_the_call() {
    let spans = support::spans_of(async { assert_eq!(chat("m").await.unwrap().count().await, 3) });
    for part in ["chat m Client", "gen_ai.usage.input_tokens=7", "gen_ai.usage.output_tokens=3", "\n  leaf\n"]
    {
        assert!(spans.contains(part), "no `{part}` in\n{spans}");
    }
    assert_eq!(spans.lines().count(), 2, "{spans}");
    let spans = support::spans_of(async { assert_eq!(chat_at_once().count().await, 3) });
    for part in ["chat m Client", "gen_ai.usage.input_tokens=7", "throughline.llm.chunks=3"] {
        assert!(spans.contains(part), "no `{part}` in\n{spans}");
    }
}

#[test]
fn futures_and_streams_can_be_sent() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    #[traced(links = [context])]
    async fn linked(context: &Context) {
        chat("m").await.unwrap();
        drop(context.clone());
    }
    #[llm_span(provider = "local", model = model)]
    async fn chat(model: &str) -> Result<String, String> {
        leaf().await;
        Ok(model.to_owned())
    }
    #[llm_span(provider = "local", model = model)]
    async fn streams(model: &str) -> Result<impl Stream<Item = Result<String, String>>, String> {
        Ok(stream::iter([Ok(model.to_owned())]))
    }
    #[throughline::retrieval_span]
    fn boxed() -> futures_util::future::BoxFuture<'static, Vec<u8>> {
        Box::pin(async move { Vec::new() })
    }
    drop(sent(chat("m")));
    drop(sent(linked(&Context::current())));
    drop(sent(boxed()));
    let stream = sent(support::block_on(sent(streams("m"))).unwrap());
    drop(stream);
}

/// Aliases of a program that go by the names of those of `futures`, and say what is in them in their own way.
mod aliases {
    use super::*;

    type BoxFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;
    type BoxStream<T> = Pin<Box<dyn Stream<Item = Result<T, String>> + Send>>;

    #[traced]
    fn future() -> BoxFuture<u8, std::fmt::Error> {
        Box::pin(async {
            leaf().await;
            Ok(1)
        })
    }

    #[traced]
    async fn items() -> Result<BoxStream<std::cmp::Ordering>, String> {
        Ok(Box::pin(stream::iter([Ok(std::cmp::Ordering::Less)])))
    }

    #[traced]
    fn failing() -> BoxFuture<u8, String> {
        Box::pin(async { Err("late".to_owned()) })
    }

    #[test]
    fn an_error_in_an_alias_that_says_in_its_own_way_what_it_holds_marks_the_span() {
        check_async(
            async { assert!(failing().await.is_err()) },
            &["failing !Error \"late\" error.type=\"alloc::string::String\""],
        );
    }

    #[test]
    fn an_alias_that_says_in_its_own_way_what_it_holds_is_a_future_or_stream() {
        check_async(
            async {
                assert_eq!(future().await, Ok(1));
                assert_eq!(items().await.unwrap().count().await, 1);
            },
            &["future", "  leaf", "items"],
        );
    }
}

/// Boxed async blocks under a name that does not say what it is.
mod named {
    use std::convert::Infallible;
    use std::task::{Context, Poll};

    use tower::Service;

    use super::*;

    struct Half;

    impl Service<u32> for Half {
        type Response = u32;
        type Error = String;
        type Future = Pin<Box<dyn Future<Output = Result<u32, String>> + Send>>;

        fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), String>> {
            Poll::Ready(Ok(()))
        }

        #[traced(args)]
        fn call(&mut self, number: u32) -> Self::Future {
            if number == 0 {
                return Box::pin(async { Ok(0) });
            }
            let is_even = number.is_multiple_of(2);
            Box::pin(async move {
                leaf().await;
                let half = is_even.then_some(number / 2);
                Ok(half.ok_or("odd")?)
            })
        }
    }

    #[test]
    fn the_span_of_a_service_is_that_of_its_future() {
        check_async(
            async {
                assert_eq!(Half.call(0).await, Ok(0));
                assert_eq!(Half.call(4).await, Ok(2));
                assert!(Half.call(5).await.is_err());
            },
            &[
                "call number=0",
                "call number=4",
                "  leaf",
                "call !Error \"odd\" number=5 error.type=\"alloc::string::String\"",
                "  leaf",
            ],
        );
    }

    type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

    #[traced]
    fn borrowed<'a>(text: &'a str, _other: &str) -> Later<'a, Result<&'a str, Infallible>> {
        Box::pin(async move {
            leaf().await;
            Ok(text)
        })
    }

    /// Has no output that could be named.
    trait Work {}
    impl<F: Future<Output = ()>> Work for F {}

    #[traced]
    fn work() -> Pin<Box<dyn Work>> {
        Box::pin(async { leaf().await })
    }

    #[test]
    fn a_name_may_borrow_and_what_is_no_future_to_its_callers_compiles() {
        check_async(
            async {
                assert_eq!(borrowed("a", "b").await, Ok("a"));
                drop(work());
            },
            &["borrowed", "  leaf", "work"],
        );
    }

    #[traced]
    fn opaque(list: &[u8]) -> Pin<Box<impl Stream<Item = Result<u8, String>> + use<'_>>> {
        Box::pin(stream::iter(list).then(|&item| async move {
            leaf().await;
            item.checked_sub(1).ok_or_else(|| "too small".to_owned())
        }))
    }

    #[test]
    fn a_box_of_what_is_not_named_is_looked_into() {
        check_async(
            async { assert_eq!(opaque(&[1, 0]).count().await, 2) },
            &["opaque !Error \"too small\" error.type=\"alloc::string::String\"", "  leaf", "  leaf"],
        );
    }
}

/// Return types that were arguments of a macro.
mod from_a_macro {
    use super::*;

    macro_rules! function {
        ($name:ident, $returned:ty, $body:block) => {
            #[traced]
            fn $name() -> $returned $body
        };
    }

    function!(future, impl Future<Output = Result<u8, String>>, {
        async {
            leaf().await;
            Err("late".to_owned())
        }
    });
    function!(never, !, { panic!("never") });

    #[test]
    fn a_return_type_that_comes_from_a_macro_is_what_it_is() {
        check_async(
            async {
                assert!(future().await.is_err());
                assert!(std::panic::catch_unwind(|| never()).is_err());
            },
            &[
                "future !Error \"late\" error.type=\"alloc::string::String\"",
                "  leaf",
                "never !Panicked error.type=\"panic\"",
            ],
        );
    }
}
