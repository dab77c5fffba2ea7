//! `ret`.

use std::fmt::{Debug, Display};
use std::num::TryFromIntError;

use throughline::span::Level as Ours;
use throughline::testing::capture;
use throughline::traced;

use super::{block_on, check_reported, logged};

#[test]
fn a_returned_value_is_reported_by_its_debug() {
    #[traced(ret)]
    fn answer() -> &'static str {
        "42"
    }

    check_reported(answer, "return", "INFO", "\"42\"");
}

#[test]
fn a_returned_value_has_the_target_of_its_function() {
    #[traced(ret, target = "shop::values")]
    fn answer() -> i32 {
        42
    }

    let (_, lines) = logged("shop::values=info", answer);
    assert_eq!(lines.len(), 1, "it passes a filter that names the target");
    let (_, lines) = logged("returned=trace", answer);
    assert!(lines.is_empty(), "and no other: {lines:?}");
}

#[test]
fn a_returned_value_has_the_level_of_the_span() {
    const LOUD: Ours = Ours::Error;

    #[traced(ret, level = "warn")]
    fn named() -> i32 {
        42
    }

    #[traced(ret, level = LOUD)]
    async fn constant() -> i32 {
        42
    }

    check_reported(named, "return", "WARN", "42");
    check_reported(|| block_on(constant()), "return", "ERROR", "42");
}

#[test]
fn a_returned_value_may_have_a_level_of_its_own() {
    #[traced(level = "warn", ret(level = "info"))]
    fn quieter() -> i32 {
        42
    }

    #[traced(ret(level = "warn", Debug))]
    fn louder() -> i32 {
        42
    }

    check_reported(quieter, "return", "INFO", "42");
    check_reported(louder, "return", "WARN", "42");
    assert_eq!(capture(quieter).root().callsite().level, Ours::Warn);
    assert_eq!(capture(louder).root().callsite().level, Ours::Info);
}

#[test]
fn a_value_is_reported_after_what_the_body_says() {
    #[traced(ret)]
    fn double(number: &mut i32) -> i32 {
        *number *= 2;
        tracing::info!(number, "doubled");
        *number
    }

    let (_, lines) = logged("trace", || double(&mut 1));
    let said: Vec<_> =
        lines.iter().map(|line| (&line["message"], &line["number"], &line["return"])).collect();
    let nothing = serde_json::Value::Null;
    assert_eq!(said, [(&"doubled".into(), &2.into(), &nothing), (&nothing, &nothing, &"2".into())]);
}

#[test]
fn the_output_of_an_async_function_is_reported_inside_of_its_span() {
    #[traced(ret)]
    async fn answer() -> i32 {
        std::future::ready(()).await;
        42
    }

    check_reported(|| block_on(answer()), "return", "INFO", "42");
}

#[test]
fn a_value_of_which_only_traits_are_known_is_reported() {
    #[traced(ret)]
    fn copied() -> impl Copy {
        42
    }

    #[traced(ret(Display))]
    fn displayed() -> impl Display + Debug {
        "42"
    }

    #[traced(ret)]
    async fn later(values: &[u8]) -> impl Debug {
        values.len()
    }

    check_reported(copied, "return", "INFO", "42");
    check_reported(displayed, "return", "INFO", "42");
    check_reported(|| drop(block_on(later(&[1, 2]))), "return", "INFO", "2");
}

#[test]
fn a_value_is_reported_by_its_display_where_that_is_asked_for() {
    #[traced(ret(Display))]
    fn answer() -> &'static str {
        "42"
    }

    check_reported(answer, "return", "INFO", "42");
}

#[test]
fn with_err_beside_it_either_the_error_or_what_is_in_ok_is_reported() {
    #[traced(ret, err)]
    fn convert(number: i32) -> Result<u8, TryFromIntError> {
        u8::try_from(number)
    }

    #[traced(ret, err)]
    fn opaque(number: i32) -> Result<impl Debug, TryFromIntError> {
        u8::try_from(number)
    }

    let text = "out of range integral type conversion attempted";
    check_reported(|| convert(1234), "error", "ERROR", text);
    check_reported(|| convert(123), "return", "INFO", "123");
    check_reported(|| opaque(1234).is_err(), "error", "ERROR", text);
    check_reported(|| opaque(123).is_ok(), "return", "INFO", "123");
}

#[test]
fn without_err_the_whole_result_is_reported() {
    #[traced(ret)]
    fn convert(number: i32) -> Result<u8, TryFromIntError> {
        u8::try_from(number)
    }

    check_reported(|| convert(123), "return", "INFO", "Ok(123)");
    check_reported(|| convert(1234), "return", "INFO", "Err(TryFromIntError(()))");
}
