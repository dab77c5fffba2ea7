//! Futures of annotated functions are those of the functions as they are written, in one wrapper of 64 bytes: as good to
//! send, to share and to move, and asking no more of what they hold.

use std::any::type_name;
use std::cell::Cell;
use std::future::{Future, ready};
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::rc::Rc;

use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::task::yield_now;

type Big = [u64; 100];
const BIG: Big = [1; 100];

/// The same functions with each attribute.
macro_rules! with {
    ($module:ident, $annotation:meta) => {
        #[allow(dead_code, reason = "each test runs its part")]
        mod $module {
            use super::*;

            #[$annotation]
            pub(super) async fn nothing() {}

            #[$annotation]
            pub(super) async fn text(text: String, other: &str) -> Result<usize, String> {
                yield_now().await;
                Ok(text.len() + other.len())
            }

            #[$annotation]
            pub(super) async fn big(list: Big, _unused: Big) -> Option<u64> {
                yield_now().await;
                list.first().copied()
            }

            #[$annotation]
            pub(super) async fn aligned(list: [u128; 10]) -> u128 {
                yield_now().await;
                list[0]
            }

            #[$annotation]
            pub(super) fn block(list: Big) -> impl Future<Output = Result<u64, String>> {
                async move {
                    yield_now().await;
                    Ok(list[0])
                }
            }

            #[$annotation]
            pub(super) fn boxed_block(list: Big) -> Pin<Box<dyn Future<Output = u64> + Send + Sync>> {
                Box::pin(async move {
                    yield_now().await;
                    list[0]
                })
            }

            #[$annotation]
            pub(super) fn boxed_after_statements(
                list: Big,
            ) -> Pin<Box<dyn Future<Output = u64> + Send + Sync>> {
                let first = list[0];
                Box::pin(async move {
                    yield_now().await;
                    list[1] + first
                })
            }

            #[$annotation]
            pub(super) fn expression(
                list: Big,
            ) -> impl Future<Output = Result<Big, String>> + Send + Sync + Unpin {
                ready(Ok(list))
            }

            #[$annotation]
            pub(super) async fn stream(list: Big) -> Result<impl Stream<Item = u64>, String> {
                yield_now().await;
                Ok(stream::iter(list))
            }

            #[$annotation]
            #[must_use = "it is the first"]
            pub(super) async fn stays_async(list: Big) -> Result<u64, String> {
                yield_now().await;
                Ok(list[0])
            }

            #[$annotation]
            pub(super) async fn never_ends(list: Big) -> ! {
                loop {
                    yield_now().await;
                    assert!(list[0] == 1);
                }
            }

            pub(super) fn futures() -> [(&'static str, usize); 8] {
                [
                    measured(&nothing()),
                    measured(&text(String::new(), "")),
                    measured(&big(BIG, BIG)),
                    measured(&aligned([1; 10])),
                    measured(&block(BIG)),
                    measured(&expression(BIG)),
                    measured(&stream(BIG)),
                    measured(&never_ends(BIG)),
                ]
            }

            /// What is in it can be neither sent nor shared nor moved.
            #[$annotation]
            pub(super) async fn stays_here(
                shared: Rc<Cell<u8>>,
                pinned: &PhantomPinned,
            ) -> Result<u8, Rc<str>> {
                yield_now().await;
                let _ = pinned;
                Ok(shared.get())
            }

            /// Of the types nothing is known.
            #[$annotation]
            pub(super) async fn of_any_type<T, U: ?Sized, E>(value: T, _other: &U) -> Result<T, E> {
                yield_now().await;
                Ok(value)
            }

            #[$annotation]
            pub(super) fn block_of_any_type<T>(value: T) -> impl Future<Output = Option<T>> {
                async move { Some(value) }
            }

            #[$annotation]
            pub(super) fn expression_of_any_type<T, E>(value: T) -> impl Future<Output = Result<T, E>> {
                ready(Ok(value))
            }

            #[$annotation]
            pub(super) fn stream_of_any_type<T>(value: T) -> impl Stream<Item = T> {
                stream::once(ready(value))
            }
        }
    };
}

// An attribute that changes nothing.
with!(as_written, allow(clippy::allow_attributes));
with!(traced, throughline::traced);
with!(of_a_new_trace, throughline::traced(root, err = false, fields(sum = 1 + 1)));
with!(of_a_tool, throughline::tool_span);
with!(of_a_search, throughline::retrieval_span);

/// The name of the type of a value, and the bytes it takes.
fn measured<T>(_: &T) -> (&'static str, usize) {
    (type_name::<T>(), size_of::<T>())
}

/// How many types are around the innermost, where the first argument of each is what it wraps.
fn nesting(name: &str) -> usize {
    match name.split_once('<') {
        Some((_, arguments)) => 1 + nesting(arguments.split(',').next().unwrap_or_default()),
        None => 0,
    }
}

#[test]
fn the_wrappers_around_a_future_are_counted() {
    assert_eq!(nesting("u8"), 0);
    assert_eq!(nesting("a::Wrapper<a::f::{{closure}}, fn(Vec<Vec<u8>>)>"), 1);
    assert_eq!(nesting("a::Wrapper<a::Inner<u8, u8>, u8>"), 2);
}

/// What is written, rounded up as everything is that is aligned as a wrapper is, and 64 bytes.
#[track_caller]
fn check(annotated: (&str, usize), written: (&str, usize)) {
    let (name, size) = annotated;
    assert_eq!(nesting(name), nesting(written.0) + 1, "{name}");
    assert_eq!(size, written.1.next_multiple_of(8) + 64, "{name}");
}

#[test]
fn a_future_grows_by_64_bytes_and_one_wrapper() {
    for annotated in
        [traced::futures(), of_a_new_trace::futures(), of_a_tool::futures(), of_a_search::futures()]
    {
        annotated
            .into_iter()
            .zip(as_written::futures())
            .for_each(|(annotated, written)| check(annotated, written));
    }
}

#[throughline::traced(err, ret)]
async fn reports(list: Big) -> Result<u64, String> {
    yield_now().await;
    Ok(list[0])
}

async fn reports_nothing(list: Big) -> Result<u64, String> {
    yield_now().await;
    Ok(list[0])
}

#[test]
fn events_of_what_is_returned_take_no_room() {
    check(measured(&reports(BIG)), measured(&reports_nothing(BIG)));
}

#[test]
fn a_future_in_a_box_grows_by_64_bytes() {
    let size = |boxed: Pin<Box<dyn Future<Output = u64> + Send + Sync>>| size_of_val(&*boxed);
    assert_eq!(size(traced::boxed_block(BIG)), size(as_written::boxed_block(BIG)) + 64);
    let written = size(as_written::boxed_after_statements(BIG));
    assert_eq!(size(traced::boxed_after_statements(BIG)), written + 64);
}

/// The parameters are in the function's future, and in the one that it awaits.
#[test]
fn a_future_that_stays_async_grows_by_its_parameters_too() {
    let (_, written) = measured(&as_written::stays_async(BIG));
    let (_, annotated) = measured(&traced::stays_async(BIG));
    assert!(annotated <= written + 64 + size_of::<Big>() + 8, "{annotated} instead of {written}");
}

#[test]
fn a_stream_grows_by_80_bytes() {
    let (_, written) = measured(&as_written::stream_of_any_type(BIG));
    let (_, annotated) = measured(&traced::stream_of_any_type(BIG));
    assert!(annotated <= written + 80, "{annotated} instead of {written}");
}

fn goes_anywhere<T: Send + Sync + 'static>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_future_can_be_sent_and_shared_as_before() {
    goes_anywhere(traced::nothing()).await;
    assert_eq!(goes_anywhere(traced::text(String::from("a"), "b")).await, Ok(2));
    assert_eq!(goes_anywhere(traced::big(BIG, BIG)).await, Some(1));
    assert_eq!(goes_anywhere(traced::block(BIG)).await, Ok(1));
    assert_eq!(goes_anywhere(traced::boxed_block(BIG)).await, 1);
    assert_eq!(Pin::new(&mut traced::expression(BIG)).await, Ok(BIG));
    assert_eq!(goes_anywhere(traced::stays_async(BIG)).await, Ok(1));
    assert_eq!(goes_anywhere(traced::of_any_type::<_, str, ()>(1, "a")).await, Ok(1));
    assert_eq!(goes_anywhere(reports(BIG)).await, Ok(1));
    let stream = goes_anywhere(traced::stream(BIG)).await.unwrap();
    assert_eq!(goes_anywhere(stream).count().await, 100);
}

/// Neither `Debug` nor `Send` nor anything else.
struct Bare<'a>(&'a Rc<Cell<u8>>);

#[tokio::test]
async fn nothing_is_asked_of_what_a_future_holds() {
    let shared = Rc::new(Cell::new(1));
    assert_eq!(traced::stays_here(shared.clone(), &PhantomPinned).await, Ok(1));
    assert!(traced::of_any_type::<_, [Bare<'_>], Bare<'_>>(Bare(&shared), &[]).await.is_ok());
    assert!(traced::block_of_any_type(Bare(&shared)).await.is_some());
    assert!(traced::expression_of_any_type::<_, Bare<'_>>(Bare(&shared)).await.is_ok());
    let mut stream = traced::stream_of_any_type(Bare(&shared));
    assert!(stream.next().await.is_some_and(|bare| bare.0.get() == 1));
}
