//! What is dropped when, in functions of every shape: as they are written, and with an attribute.
//!
//! Each function stands here once, in a macro that emits it with the attribute it is given. The file is part of a crate
//! of each edition, for they differ in when the temporaries of the last expression go.

#![allow(
    clippy::boxed_local,
    clippy::diverging_sub_expression,
    clippy::toplevel_ref_arg,
    reason = "it is what the functions are about"
)]

mod bodies;
mod noted;
mod returned;

use noted::{Case, Until};
use throughline::testing::capture;

/// The functions of both files with an attribute.
macro_rules! with {
    ($module:ident, $annotation:meta) => {
        mod $module {
            mod at_once {
                use crate::drop_order::noted::*;
                crate::drop_order::bodies::bodies!($annotation, [], at_once);
            }
            mod in_time {
                use crate::drop_order::noted::*;
                crate::drop_order::bodies::bodies!($annotation, [async], in_time);
            }
            mod returned {
                use crate::drop_order::noted::*;
                crate::drop_order::returned::returned!($annotation);
            }

            pub(super) fn cases() -> impl Iterator<Item = &'static crate::drop_order::Case> {
                at_once::CASES.iter().chain(in_time::CASES).chain(returned::CASES)
            }
        }
    };
}

// An attribute that changes nothing.
with!(as_written, allow(clippy::allow_attributes));
with!(traced, throughline::traced);
with!(without_outcome, throughline::traced(err = false));
with!(of_a_new_trace, throughline::traced(root, fields(sum = 1 + 1)));
with!(of_a_model, throughline::llm_span(provider = "local", model = "m"));
with!(of_a_search, throughline::retrieval_span);
with!(of_a_tool, throughline::tool_span);

/// The same where the async functions stay what they are.
mod at_poll {
    use crate::drop_order::noted::*;
    crate::drop_order::bodies::bodies!(throughline::traced(capture = "poll"), [async], in_time);
}

/// In which order things are dropped in the function of this name as it is written.
#[track_caller]
pub(crate) fn as_written(name: &str) -> Vec<String> {
    let case = as_written::cases().find(|case| case.name == name).expect("a function of this name");
    noted::order(case, Until::End)
}

#[track_caller]
fn check<'a>(annotated: impl Iterator<Item = &'a Case>, written: impl Iterator<Item = &'a Case>) {
    let mut compared = 0;
    for (annotated, written) in annotated.zip(written) {
        assert_eq!(annotated.name, written.name);
        for until in [Until::End, Until::Pause, Until::Call] {
            let expected = noted::order(written, until);
            assert!(!expected.is_empty(), "{}: nothing is dropped", written.name);
            assert_eq!(
                noted::order(annotated, until),
                expected,
                "{} up to {until:?}, untraced",
                written.name
            );
            let mut order = Vec::new();
            let trace = capture(|| order = noted::order(annotated, until));
            assert_eq!(order, expected, "{} up to {until:?}", written.name);
            assert!(until == Until::Call || !trace.is_empty(), "{} has no span", written.name);
        }
        compared += 1;
    }
    assert!(compared > 20, "only {compared} functions were compared");
}

#[test]
fn all_is_dropped_in_the_order_of_the_function_as_written() {
    check(traced::cases(), as_written::cases());
}

#[test]
fn arguments_of_the_attribute_change_no_order() {
    check(without_outcome::cases(), as_written::cases());
    check(of_a_new_trace::cases(), as_written::cases());
}

#[test]
fn what_is_read_from_the_returned_value_changes_no_order() {
    check(of_a_model::cases(), as_written::cases());
    check(of_a_search::cases(), as_written::cases());
    check(of_a_tool::cases(), as_written::cases());
}

#[test]
fn functions_that_stay_async_keep_their_order() {
    let written = as_written::cases().filter(|case| case.name.starts_with("async "));
    check(at_poll::CASES.iter(), written);
}
