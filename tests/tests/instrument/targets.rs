//! `target`.

use throughline::testing::capture;
use throughline::traced;

mod inner {
    use throughline::traced;

    pub(super) const PATH: &str = module_path!();

    #[traced]
    pub(super) fn untold() {}

    #[traced(target = "billing")]
    pub(super) fn told() {}
}

#[track_caller]
fn check(code: fn(), target: &str) {
    assert_eq!(capture(code).root().callsite().target, target);
}

#[test]
fn the_module_of_the_function_is_the_target() {
    #[traced]
    fn untold() {}

    check(untold, module_path!());
    check(inner::untold, inner::PATH);
}

#[test]
fn a_target_replaces_the_module() {
    #[traced(target = "shop")]
    fn told() {}

    check(told, "shop");
    check(inner::told, "billing");
}

const TARGET: &str = "shop::orders";

#[test]
fn a_constant_can_be_the_target_beside_one_that_is_the_name() {
    const NAME: &str = "place an order";

    #[traced(target = TARGET, name = NAME)]
    fn place() {}

    check(place, TARGET);
    assert_eq!(capture(place).root().name(), NAME);
}
