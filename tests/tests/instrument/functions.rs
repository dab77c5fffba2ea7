//! Arguments of the attribute together, arguments of the function, and where names could be mistaken.

use std::fmt::Debug;

use throughline::span::Level as Ours;
use throughline::testing::capture;
use throughline::traced;

use super::{check_attributes, check_reported};

#[test]
fn everything_can_be_told_at_once_in_any_order() {
    #[traced(target = "shop", level = "debug", name = "one")]
    fn first() {}

    #[traced(name = "two", level = tracing::Level::DEBUG, target = "shop")]
    fn second() {}

    let trace = capture(|| {
        first();
        second();
    });
    assert_eq!(trace.len(), 2);
    for name in ["one", "two"] {
        let span = trace.span(name);
        assert_eq!((span.callsite().target, span.callsite().level), ("shop", Ours::Debug));
    }
}

#[test]
fn each_call_has_its_own_arguments() {
    #[traced(args, target = "shop")]
    fn order(number: usize, express: bool, name: String) {}

    let trace = capture(|| {
        order(2, false, "tea".to_owned());
        order(3, true, "milk".to_owned());
    });
    let seen: Vec<_> = trace.spans().map(|span| span.attributes().clone()).collect();
    assert_eq!(
        (&seen[0]["number"], &seen[0]["express"], &seen[0]["name"]),
        (&2.into(), &false.into(), &"tea".into())
    );
    assert_eq!(
        (&seen[1]["number"], &seen[1]["express"], &seen[1]["name"]),
        (&3.into(), &true.into(), &"milk".into())
    );
}

#[test]
fn nothing_of_the_arguments_is_recorded_unless_asked_for() {
    #[traced]
    fn login(_user: &str, _password: &str) {}

    check_attributes(|| login("ann", "secret"), "");
}

#[test]
fn what_is_skipped_needs_no_debug_and_the_rest_is_recorded() {
    struct Secret;

    #[traced(skip(_secret, _other))]
    fn some(number: usize, _secret: Secret, _other: Secret) {}

    #[traced(skip_all)]
    fn none(_number: usize, _secret: Secret) {}

    check_attributes(|| some(2, Secret, Secret), "number: 2");
    check_attributes(|| none(2, Secret), "");
}

#[test]
fn an_argument_of_any_type_with_debug_is_recorded_by_that() {
    #[derive(Debug)]
    #[allow(dead_code, reason = "its `Debug` shows it")]
    struct Item(u8);

    #[traced(args)]
    fn generic<S, T: Debug>(first: S, second: T, third: impl Debug)
    where
        S: Debug,
    {
    }

    // A type parameter that only has `Debug` is asked for that, whatever it stands for.
    check_attributes(
        || generic(Item(1), false, "text"),
        "first: \"Item(1)\", second: \"false\", third: \"\\\"text\\\"\"",
    );
}

#[test]
fn a_method_records_its_arguments_and_self_only_by_a_field() {
    #[derive(Debug)]
    struct Shop;

    impl Shop {
        #[traced(args)]
        fn sell(&self, item: usize) {}

        #[traced(args, fields(?self))]
        fn close(&self, hour: u8) {}
    }

    check_attributes(|| Shop.sell(42), "item: 42");
    check_attributes(|| Shop.close(20), "hour: 20, self: \"Shop\"");
}

#[test]
fn a_function_that_returns_an_impl_trait_records_its_arguments() {
    #[traced(args)]
    fn numbers(up_to: usize) -> impl Iterator<Item = usize> {
        0..up_to
    }

    check_attributes(|| assert_eq!(numbers(10).count(), 10), "up_to: 10");
}

/// A module of the user that has the name of a crate which expansions use.
#[test]
fn modules_of_the_user_may_be_called_as_our_crates() {
    mod tracing {
        pub(super) fn answer() -> Result<u8, String> {
            Err("42".to_owned())
        }
    }

    mod throughline {}

    #[traced(fields(empty = ::tracing::field::Empty), err, ret)]
    fn ask() -> Result<u8, String> {
        tracing::answer()
    }

    check_reported(ask, "error", "ERROR", "42");
}

#[test]
fn the_current_span_of_tracing_is_not_ours_and_what_is_recorded_there_does_not_reach_it() {
    #[traced(fields(user))]
    fn told_tracing() -> bool {
        tracing::Span::current().record("user", "ann");
        tracing::Span::current().is_none()
    }

    let (trace, _) = super::logged("trace", || assert!(told_tracing()));
    assert_eq!(trace.root().attribute("user"), None);
}

type Shade = ();

#[allow(dead_code, reason = "it shadows the type")]
enum Light {
    Shade,
}

#[test]
fn what_the_body_imports_does_not_shadow_the_declared_type() {
    #[traced]
    #[allow(unused_imports, reason = "it shadows the type")]
    fn plain() -> Shade {
        use Light::*;
    }

    #[traced]
    #[allow(unused_imports, reason = "it shadows the type")]
    async fn later() -> Shade {
        use Light::*;
    }

    let trace = capture(|| {
        plain();
        super::block_on(later());
    });
    trace.assert_tree("later\nplain");
}

#[test]
fn attributes_inside_of_the_body_are_those_of_the_function() {
    #[deny(unused_variables)]
    #[allow(clippy::mixed_attributes_style, reason = "both places are what is tested")]
    #[traced]
    fn plain() {
        #![allow(unused_variables)]
        let unused = 42;
    }

    #[deny(unused_variables)]
    #[allow(clippy::mixed_attributes_style, reason = "both places are what is tested")]
    #[traced]
    async fn later() {
        #![allow(unused_variables)]
        let unused = 42;
    }

    let trace = capture(|| {
        plain();
        super::block_on(later());
    });
    trace.assert_tree("later\nplain");
}

/// Functions that nobody calls are seen as such, whatever they are: the compiler holds these to it.
#[deny(unfulfilled_lint_expectations)]
mod unused {
    use throughline::traced;

    #[expect(dead_code)]
    #[traced]
    fn never() {}

    #[expect(dead_code)]
    #[traced]
    async fn never_later() {}
}
