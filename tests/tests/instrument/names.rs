//! `name`.

use throughline::testing::capture;
use throughline::traced;

#[track_caller]
fn check(code: fn(), name: &str) {
    assert_eq!(capture(code).root().name(), name);
}

#[test]
fn a_span_is_named_after_its_function() {
    #[traced]
    fn checkout() {}

    check(checkout, "checkout");
}

#[test]
fn a_name_replaces_that_of_the_function() {
    #[traced(name = "POST /cart")]
    fn checkout() {}

    check(checkout, "POST /cart");
}

#[test]
fn a_bare_literal_is_the_name() {
    #[traced("pay", level = "info")]
    fn checkout() {}

    check(checkout, "pay");
}

const NAME: &str = "checkout by card";

#[test]
fn a_constant_can_be_the_name() {
    #[traced(name = NAME)]
    fn checkout() {}

    check(checkout, NAME);
}
