//! Reading what is returned, and what is recorded, changes nothing of what the code means: it compiles exactly where it
//! compiled before, with the same types.

mod support;

use std::convert::Infallible;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::sync::Arc;

use support::{check, check_async};
use throughline::traced;

/// Types that are still open when the body is read.
mod open {
    use super::{Debug, Display, Error, traced};

    #[traced]
    pub(super) fn number() -> impl Display {
        3
    }

    #[traced]
    pub(super) fn number_in_ok(fail: bool) -> Result<impl Display, String> {
        if fail { Err("no number".to_owned()) } else { Ok(4) }
    }

    #[traced]
    pub(super) async fn number_later() -> Result<impl Into<i64> + Debug, String> {
        Ok(5)
    }

    #[traced]
    pub(super) fn closure() -> impl Fn(u8) -> u8 {
        |n| n + 1
    }

    #[traced]
    pub(super) fn closure_in_ok() -> Result<impl Fn(u8) -> u8, String> {
        Ok(|n| n + 1)
    }

    #[traced]
    pub(super) async fn closure_later() -> impl Fn(&str) -> usize {
        |text: &str| text.len()
    }

    #[traced]
    pub(super) async fn closure_in_ok_later() -> Result<impl Fn(&str) -> usize, String> {
        Ok(|text: &str| text.len())
    }

    #[traced]
    pub(super) fn iterator() -> Result<impl Iterator<Item = u64>, String> {
        Ok((0..3).map(|n| n * 2))
    }

    #[traced]
    pub(super) fn parsed<T>(text: &str) -> Result<T, Box<dyn Error>>
    where
        T: std::str::FromStr<Err: Error + 'static>,
    {
        Ok(text.parse()?)
    }

    #[traced]
    pub(super) fn collected(texts: &[&str]) -> Result<Vec<u8>, std::num::ParseIntError> {
        texts.iter().map(|text| text.parse()).collect()
    }

    #[traced]
    pub(super) async fn made() -> Result<(u8, Vec<String>), String> {
        Ok(Default::default())
    }

    #[traced]
    pub(super) async fn never(fail: bool) -> Result<u8, String> {
        if fail {
            return Err("never".into());
        }
        unreachable!("it fails")
    }
}

/// What is returned is coerced to the declared type.
mod coerced {
    use super::{Display, Error, traced};

    #[traced]
    pub(super) fn boxed() -> Result<Box<dyn Display>, String> {
        Ok(Box::new(1))
    }

    #[traced]
    pub(super) async fn boxed_later() -> Option<Box<dyn Fn(u8) -> u8>> {
        Some(Box::new(|n| n + 1))
    }

    #[traced]
    pub(super) fn slice() -> Result<&'static [u8], String> {
        Ok(&[1, 2])
    }

    #[traced]
    pub(super) async fn pointer() -> Result<fn(u8) -> u8, String> {
        Ok(|n| n + 2)
    }

    #[traced]
    pub(super) fn borrowed<'a>(list: &'a [Box<dyn Display>]) -> Result<&'a dyn Display, Box<dyn Error + 'a>> {
        Ok(&list[0])
    }
}

/// Functions with type parameters, whatever is known of them.
mod generic {
    use super::{Debug, Display, Error, traced};

    #[traced]
    pub(super) fn unbounded<T, E>(result: Result<T, E>) -> Result<T, E> {
        result
    }

    #[traced]
    pub(super) async fn any<T>(value: T) -> T {
        value
    }

    #[traced]
    pub(super) async fn displayed<E: Display>(error: E) -> Result<(), E> {
        Err(error)
    }

    #[traced]
    pub(super) fn debugged<E>(error: E) -> Result<(), E>
    where
        E: Debug,
    {
        Err(error)
    }

    #[traced]
    pub(super) fn an_error(error: impl Error + 'static) -> Result<(), impl Error> {
        Err(error)
    }

    pub(super) trait Work {
        type Outcome;

        fn work(&self) -> Self::Outcome;
    }

    #[traced]
    pub(super) fn projected<W: Work>(work: &W) -> W::Outcome {
        work.work()
    }

    pub(super) struct Fails;

    #[traced]
    impl Work for Fails {
        type Outcome = Result<u8, String>;

        fn work(&self) -> Self::Outcome {
            Err("at work".to_owned())
        }
    }
}

/// Errors of all kinds, and names that hide what they are.
mod errors {
    use super::{Arc, Error, Infallible, traced};

    pub(super) type Answer<T = u8> = Result<T, std::num::ParseIntError>;

    #[traced]
    pub(super) fn alias(text: &str) -> Answer {
        text.parse()
    }

    #[traced]
    pub(super) async fn any(text: &str) -> anyhow::Result<u8> {
        anyhow::ensure!(!text.is_empty(), "nothing to parse");
        Ok(text.parse()?)
    }

    #[traced]
    pub(super) fn report(text: &str) -> eyre::Result<u8> {
        use eyre::WrapErr as _;
        text.parse().wrap_err("not a number")
    }

    #[traced]
    pub(super) async fn report_later(text: &str) -> Result<u8, eyre::Report> {
        if text.is_empty() {
            eyre::bail!("nothing to parse");
        }
        Ok(text.parse()?)
    }

    #[traced]
    pub(super) fn infallible() -> Result<u8, Infallible> {
        Ok(1)
    }

    #[traced]
    pub(super) async fn sendable(text: &str) -> Result<u8, Box<dyn Error + Send + Sync>> {
        Ok(text.parse()?)
    }

    #[traced]
    pub(super) fn shared(text: &str) -> Result<u8, Arc<dyn Error>> {
        text.parse().map_err(|error: std::num::ParseIntError| Arc::new(error) as Arc<dyn Error>)
    }

    #[traced]
    pub(super) fn text(text: &str) -> Result<u8, Box<str>> {
        text.parse().map_err(|_| text.into())
    }

    #[traced]
    pub(super) async fn unit() -> Result<u8, ()> {
        Err(())
    }

    #[traced]
    pub(super) fn nested() -> Result<Result<u8, String>, String> {
        Ok(Err("inside".to_owned()))
    }
}

/// Values of attributes whose types are open.
#[traced(args, fields(
    literal = 1 << 3,
    parsed = text.parse().unwrap_or(1),
    sum = list.iter().map(|n| n + 1).sum::<u32>(),
    mapped = Some(1).map(|n| n + 1),
    none = None::<u8>,
    borrowed = &&list,
    ?pair,
))]
fn recorded<T: Debug>(text: &str, list: &[u32], pair: (T, impl Debug)) -> usize {
    text.len() + list.len() + size_of_val(&pair)
}

#[test]
fn open_types_are_inferred_as_before() {
    check_async(
        async {
            assert_eq!(open::number().to_string(), "3");
            assert!(open::number_in_ok(true).is_err());
            assert_eq!(open::number_in_ok(false).unwrap().to_string(), "4");
            assert_eq!(open::number_later().await.unwrap().into(), 5);
            assert_eq!(open::closure()(1) + open::closure_in_ok().unwrap()(2), 5);
            assert_eq!(
                open::closure_later().await("ab") + open::closure_in_ok_later().await.unwrap()("c"),
                3
            );
            assert_eq!(open::iterator().unwrap().sum::<u64>(), 6);
            assert_eq!(open::parsed::<u8>("7").unwrap(), 7);
            assert_eq!(open::collected(&["1", "2"]), Ok(vec![1, 2]));
            assert_eq!(open::made().await.unwrap(), (0, Vec::new()));
            assert!(open::never(true).await.is_err());
        },
        &[
            "number",
            "number_in_ok !Error \"no number\" error.type=\"alloc::string::String\"",
            "number_in_ok",
            "number_later",
            "closure",
            "closure_in_ok",
            "closure_later",
            "closure_in_ok_later",
            "iterator",
            "parsed",
            "collected",
            "made",
            "never !Error \"never\" error.type=\"alloc::string::String\"",
        ],
    );
}

#[test]
fn returned_values_are_coerced_as_before() {
    check_async(
        async {
            assert_eq!(coerced::boxed().unwrap().to_string(), "1");
            assert_eq!(coerced::boxed_later().await.unwrap()(1), 2);
            assert_eq!(coerced::slice(), Ok(&[1, 2][..]));
            assert_eq!(coerced::pointer().await.unwrap()(1), 3);
            let list: [Box<dyn Display>; 1] = [Box::new("x")];
            assert_eq!(coerced::borrowed(&list).unwrap().to_string(), "x");
        },
        &["boxed", "boxed_later", "slice", "pointer", "borrowed"],
    );
}

#[test]
fn type_parameters_need_no_more_bounds_than_before() {
    struct Opaque;
    let parse = "x".parse::<u8>().unwrap_err();
    check_async(
        async {
            assert!(generic::unbounded::<Opaque, Opaque>(Err(Opaque)).is_err());
            let Opaque = generic::any(Opaque).await;
            assert!(generic::displayed("shown").await.is_err());
            assert!(generic::debugged(Some(1)).is_err());
            assert!(generic::an_error(parse).is_err());
            assert!(generic::projected(&generic::Fails).is_err());
        },
        &[
            "unbounded !Error \"\" error.type=\"traced_ladders::type_parameters_need_no_more_bounds_than_before::Opaque\"",
            "any",
            "displayed !Error \"shown\" error.type=\"&str\"",
            "debugged !Error \"Some(1)\" error.type=\"core::option::Option<i32>\"",
            // Of an error that is `impl Trait`, and of the type of a type parameter, nothing is known.
            "an_error",
            "projected",
            "  work !Error \"at work\" error.type=\"alloc::string::String\"",
        ],
    );
}

#[test]
fn errors_are_read_by_whatever_name_they_go() {
    check_async(
        async {
            assert!(errors::alias("x").is_err());
            assert!(errors::any("").await.is_err());
            assert!(errors::report("x").is_err());
            assert!(errors::report_later("").await.is_err());
            assert!(errors::infallible().is_ok());
            assert!(errors::sendable("x").await.is_err());
            assert!(errors::shared("x").is_err());
            assert!(errors::text("x").is_err());
            assert!(errors::unit().await.is_err());
            assert!(errors::nested().is_ok());
        },
        &[
            "alias !Error \"invalid digit found in string\" error.type=\"core::num::error::ParseIntError\"",
            "any !Error \"nothing to parse\" error.type=\"anyhow::Error\"",
            "report !Error \"not a number: invalid digit found in string\" error.type=\"eyre::Report\"",
            "report_later !Error \"nothing to parse\" error.type=\"eyre::Report\"",
            "infallible",
            concat!(
                "sendable !Error \"invalid digit found in string\"",
                " error.type=\"alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>\""
            ),
            concat!(
                "shared !Error \"invalid digit found in string\"",
                " error.type=\"alloc::sync::Arc<dyn core::error::Error>\""
            ),
            "text !Error \"x\" error.type=\"alloc::boxed::Box<str>\"",
            "unit !Error \"()\" error.type=\"()\"",
            "nested",
        ],
    );
}

#[test]
fn recorded_values_are_typed_as_before() {
    check(
        || assert!(recorded("12", &[1, 2], (1, "x")) > 4),
        &[concat!(
            "recorded text=\"12\" list=[1, 2] literal=8 parsed=12 sum=5 mapped=2 borrowed=[1, 2]",
            " pair=\"(1, \\\"x\\\")\""
        )],
    );
}
