//! `err`.

use std::num::TryFromIntError;

use throughline::span::Level as Ours;
use throughline::testing::capture;
use throughline::traced;

use super::{block_on, check_attributes, check_reported, logged};

const TEXT: &str = "out of range integral type conversion attempted";

fn small(number: i32) -> Result<u8, TryFromIntError> {
    u8::try_from(number)
}

#[test]
fn an_error_is_reported_as_one_by_its_display() {
    #[traced(err)]
    fn convert() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    check_reported(convert, "error", "ERROR", TEXT);
}

#[test]
fn a_value_that_is_no_error_is_not_reported() {
    #[traced(err)]
    fn convert() -> Result<u8, TryFromIntError> {
        small(12)
    }

    let (trace, lines) = logged("trace", convert);
    assert!(trace.root().events().is_empty() && lines.is_empty(), "{lines:?}");
}

#[test]
fn an_error_that_question_mark_returns_is_reported() {
    #[traced(err)]
    fn convert() -> Result<u8, TryFromIntError> {
        small(1234)?;
        Ok(5)
    }

    check_reported(convert, "error", "ERROR", TEXT);
}

#[test]
fn an_error_of_an_async_function_is_reported_inside_of_its_span() {
    #[traced(err)]
    async fn convert() -> Result<u8, TryFromIntError> {
        std::future::ready(()).await;
        small(1234)
    }

    check_reported(|| block_on(convert()), "error", "ERROR", TEXT);
}

#[test]
fn what_the_function_changes_by_reference_stays_so() {
    #[traced(err)]
    fn convert(out: &mut u8) -> Result<(), TryFromIntError> {
        *out = small(7)?;
        *out = small(1234)?;
        Ok(())
    }

    #[traced(err)]
    async fn convert_later(out: &mut u8) -> Result<(), TryFromIntError> {
        std::future::ready(()).await;
        *out = small(8)?;
        *out = small(1234)?;
        Ok(())
    }

    let (mut first, mut second) = (0, 0);
    check_reported(|| convert(&mut first), "error", "ERROR", TEXT);
    check_reported(|| block_on(convert_later(&mut second)), "error", "ERROR", TEXT);
    assert_eq!((first, second), (7, 8));
}

#[test]
fn the_error_beside_an_impl_trait_is_reported() {
    #[traced(args, err)]
    fn numbers(up_to: usize) -> Result<impl Iterator<Item = usize>, String> {
        if up_to == 0 { Err("none".to_owned()) } else { Ok(0..up_to) }
    }

    #[traced(err)]
    async fn numbers_later(up_to: usize) -> Result<impl Iterator<Item = usize>, &'static str> {
        if up_to == 0 { Err("none") } else { Ok(0..up_to) }
    }

    check_attributes(|| assert_eq!(numbers(10).unwrap().count(), 10), "up_to: 10");
    check_reported(|| numbers(0).err(), "error", "ERROR", "none");
    check_reported(|| block_on(numbers_later(0)).err(), "error", "ERROR", "none");
}

#[test]
fn an_error_is_reported_by_its_debug_where_that_is_asked_for() {
    #[traced(err(Debug))]
    fn convert() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    check_reported(convert, "error", "ERROR", "TryFromIntError(())");
}

#[test]
fn an_error_has_the_target_of_its_function() {
    #[traced(err, target = "shop::errors")]
    fn convert() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    let (trace, lines) = logged("shop::errors=error", convert);
    assert_eq!(lines.len(), 1, "it passes a filter that names the target");
    let root = trace.root();
    assert_eq!(root.event("error").unwrap().attribute("target"), Some("shop::errors".into()));
    let (_, lines) = logged("errors=trace", convert);
    assert!(lines.is_empty(), "and no other: {lines:?}");
}

#[test]
fn an_error_may_have_a_level_of_its_own() {
    const QUIET: tracing::Level = tracing::Level::DEBUG;

    #[traced(err(level = "info"))]
    fn by_name() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    #[traced(err(Debug, level = 4))]
    fn by_number() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    #[traced(err(level = tracing::Level::TRACE, Debug))]
    fn by_path() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    #[traced(err(level = QUIET))]
    async fn by_constant() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    check_reported(by_name, "error", "INFO", TEXT);
    check_reported(by_number, "error", "WARN", "TryFromIntError(())");
    check_reported(by_path, "error", "TRACE", "TryFromIntError(())");
    check_reported(|| block_on(by_constant()), "error", "DEBUG", TEXT);
}

#[test]
fn the_level_of_the_span_is_not_that_of_its_error() {
    #[traced(level = "debug", err)]
    fn usual() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    #[traced(level = "warn", err(level = "info"))]
    fn told() -> Result<u8, TryFromIntError> {
        small(1234)
    }

    check_reported(usual, "error", "ERROR", TEXT);
    check_reported(told, "error", "INFO", TEXT);
    assert_eq!(capture(usual).root().callsite().level, Ours::Debug);
    assert_eq!(capture(told).root().callsite().level, Ours::Warn);
}
