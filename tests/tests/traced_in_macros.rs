//! Functions that a macro makes of its arguments compute what they do without the attribute, and the attribute takes such
//! arguments for what they are.

mod support;

use std::future::Future;
use std::pin::Pin;

use throughline::span::{Kind, Level};
use throughline::testing::capture;
use throughline::traced;

/// Functions in which an argument of the macro stands where what is beside it could take a part of it.
macro_rules! of_number {
    ($number:expr) => {
        #[traced]
        fn plain() -> i32 {
            2 * $number
        }

        #[traced]
        fn with_inner_attribute() -> i32 {
            #![allow(clippy::let_and_return)]
            let doubled = 2 * $number;
            doubled
        }

        #[traced]
        fn fallible() -> Result<i32, String> {
            let doubled = 2 * $number;
            Ok(doubled)
        }

        #[traced]
        async fn asynchronous() -> i32 {
            2 * $number
        }

        #[traced]
        async fn spawning() -> i32 {
            let elsewhere = tokio::task::spawn_blocking(move || 2 * $number);
            elsewhere.await.unwrap() + 2 * $number
        }

        #[traced]
        fn boxed() -> Pin<Box<dyn Future<Output = i32>>> {
            let doubled = 2 * $number;
            Box::pin(async move { doubled })
        }

        #[traced(fields(negative = -$number, doubled = 2 * $number, shown = %$number))]
        fn recorded() {}
    };
}

of_number!(1 + 2);

#[test]
fn an_argument_of_a_macro_stays_in_one_piece_in_a_body() {
    assert_eq!(plain(), 6);
    assert_eq!(with_inner_attribute(), 6);
    assert_eq!(fallible(), Ok(6));
    support::check_async(
        async {
            assert_eq!(asynchronous().await, 6);
            assert_eq!(spawning().await, 12);
            assert_eq!(boxed().await, 6);
        },
        &["asynchronous", "spawning", "boxed"],
    );
}

#[test]
fn an_argument_of_a_macro_stays_in_one_piece_in_a_field() {
    let trace = capture(recorded);
    let span = trace.span("recorded");
    assert_eq!(span.attribute("negative"), Some((-3).into()));
    assert_eq!(span.attribute("doubled"), Some(6.into()));
    assert_eq!(span.attribute("shown"), Some("3".into()));
}

/// Signatures and items of places in which arguments of the macro stand.
macro_rules! of_parts {
    ($number:expr, $shown:ty) => {
        #[traced]
        fn array(shown: &$shown) -> [u8; 2 * $number] {
            [u8::from(shown.to_string().is_empty()); 2 * $number]
        }

        #[traced]
        mod place {
            pub(super) const DOUBLED: i32 = 2 * $number;
            pub(super) static MESSAGE: &$shown = &DOUBLED;

            pub(super) fn plain() -> i32 {
                2 * $number
            }
        }
    };
}

of_parts!(1 + 2, (dyn std::fmt::Display + Sync));

macro_rules! of_bounds {
    ($name:ident, $shown:ty) => {
        #[traced]
        async fn $name(shown: &$shown) -> String {
            shown.to_string()
        }
    };
}

of_bounds!(shown, dyn std::fmt::Display + Sync);

#[test]
fn an_argument_of_a_macro_stays_in_one_piece_in_signatures_and_places() {
    assert_eq!(array(place::MESSAGE), [0; 6]);
    assert_eq!((place::DOUBLED, place::plain()), (6, 6));
    support::check_async(async { assert_eq!(shown(place::MESSAGE).await, "6") }, &["shown"]);
}

struct Shift<const BY: i32>;

/// What could be taken for an expression, and must not be.
macro_rules! of_others {
    ($by:literal, $bound:stmt, $items:expr) => {
        #[traced]
        impl Shift<$by> {
            fn by() -> i32 {
                $by
            }

            fn absolute() -> i32 {
                #![allow(clippy::let_and_return)]
                let absolute = $by.abs();
                absolute
            }

            fn items() -> usize {
                #![allow(clippy::let_and_return)]
                let items = $items.len();
                items
            }
        }

        #[traced]
        fn bound() -> Pin<Box<dyn Future<Output = bool>>> {
            let (a, b) = (true, false);
            let _ = (a, b);
            $bound
            Box::pin(async move { true })
        }
    };
}

of_others!(-1_i32, let _both = std::hint::black_box(true) && std::hint::black_box(false), &[1, 2]);

#[test]
fn an_argument_of_a_macro_that_only_looks_like_an_expression_is_what_it_was() {
    assert_eq!((Shift::<-1>::by(), Shift::<-1>::absolute(), Shift::<-1>::items()), (-1, 1, 2));
    support::check_async(async { assert!(bound().await) }, &["bound"]);
}

macro_rules! told {
    ($name:literal, $level:literal, $reported:expr, $kind:expr, $capture:literal, $parent:expr, $key:literal, $n:expr) => {
        #[traced(name = $name, level = $level, kind = $kind, parent = $parent, ret(level = $reported), fields($key = $n))]
        fn told() -> u8 {
            1
        }

        #[traced(capture = $capture)]
        async fn told_when() {}
    };
}

told!("told by a macro", "debug", "warn", "client", "poll", None, "n", 7);

#[test]
fn a_word_from_a_macro_is_that_word() {
    let trace = capture(|| throughline::span!("around").in_scope(told));
    let span = trace.span("told by a macro");
    assert_eq!((span.callsite().level, span.kind()), (Level::Debug, Kind::Client));
    assert!(span.parent().is_none());
    assert_eq!(span.attribute("n"), Some(7.into()));
    assert_eq!(span.event("return").unwrap().attribute("level"), Some("WARN".into()));
    support::check_async(
        async {
            let told_when = throughline::span!("at the call").in_scope(told_when);
            told_when.await;
        },
        &["at the call", "told_when"],
    );
}
