//! `fields`.

use throughline::traced;
use tracing::field::Empty;

use super::check_attributes;

#[test]
fn constant_fields_are_typed() {
    #[traced(fields(plan = "free", beta = true, version = 3))]
    fn start() {}

    check_attributes(start, "beta: true, plan: \"free\", version: 3");
}

#[test]
fn a_field_is_computed_from_an_argument_that_is_recorded_too() {
    #[traced(args, fields(len = word.len()))]
    fn look_up(word: &str) {}

    check_attributes(|| look_up("tea"), "len: 3, word: \"tea\"");
}

#[test]
fn keys_may_be_dotted() {
    #[traced(args, fields(word.len = word.len(), word.is_empty = word.is_empty()))]
    fn look_up(word: &str) {}

    check_attributes(|| look_up("tea"), "word: \"tea\", word.is_empty: false, word.len: 3");
}

#[test]
fn a_field_replaces_the_argument_of_its_name() {
    #[traced(args, fields(%item, item.len = item.len()))]
    fn displayed(item: &str) {}

    #[traced(args, fields(item = "another"))]
    fn replaced(item: &str) -> usize {
        item.len()
    }

    check_attributes(|| displayed("tea"), "item: \"tea\", item.len: 3");
    check_attributes(|| replaced("tea"), "item: \"another\"");
}

#[test]
fn a_field_may_be_one_of_self() {
    struct Shop {
        name: &'static str,
    }

    impl Shop {
        #[traced(skip(self), fields(shop.name = self.name))]
        fn open(&self) {}
    }

    check_attributes(|| Shop { name: "corner" }.open(), "shop.name: \"corner\"");
}

#[test]
fn fields_stand_beside_the_arguments() {
    #[traced(args, fields(plan = "free"))]
    fn join(user: u32) {}

    check_attributes(|| join(1), "plan: \"free\", user: 1");
}

#[test]
fn a_field_that_is_only_declared_is_not_there_until_it_gets_its_value() {
    #[traced(fields(plan = "free", total))]
    fn untold() {}

    #[traced(fields(total, user.id = Empty, item = tracing::field::Empty))]
    fn told() {
        throughline::set("total", 7);
        throughline::set("user.id", "ann");
    }

    check_attributes(untold, "plan: \"free\"");
    check_attributes(told, "total: 7, user.id: \"ann\"");
}

#[test]
fn a_field_may_borrow_what_it_has_the_name_of() {
    #[traced(fields(text = &text))]
    fn consume(text: String) -> String {
        text
    }

    check_attributes(|| consume("tea".to_owned()), "text: \"tea\"");
}

#[test]
fn keys_may_be_keywords_and_values_of_names_with_an_underscore() {
    #[traced(skip(_kind), fields(self.impl.type = _kind, fn.match = 1))]
    fn keywords(_kind: &str) {}

    check_attributes(|| keywords("k"), "fn.match: 1, self.impl.type: \"k\"");
}

#[test]
fn a_key_is_the_name_of_its_value_without_the_marks_of_a_keyword() {
    #[traced(fields(%r#type, ?r#fn.0))]
    fn raw(r#type: &str, r#fn: (u8,)) {}

    check_attributes(|| raw("a", (1,)), "fn.0: \"1\", type: \"a\"");
}

const KEY: &str = "order.id";

const fn key() -> &'static str {
    "order.items"
}

struct Keys;

impl Keys {
    const TOTAL: &'static str = "order.total";
}

#[test]
fn keys_may_be_constant_expressions() {
    #[traced(fields({KEY} = 1, {key()} = ?[2], {Keys::TOTAL} = n + 1, {"order.plan"} = "free"))]
    fn place(n: u8) {}

    check_attributes(|| place(2), "order.id: 1, order.items: \"[2]\", order.plan: \"free\", order.total: 3");
}

#[test]
fn a_key_that_turns_out_to_be_that_of_an_argument_counts_once() {
    const ITEM: &str = "item";

    #[traced(args, fields({ITEM} = %"field"))]
    fn computed(item: &str) {}

    #[traced(args, fields({ITEM} = "field"))]
    fn constant(item: &str) {}

    check_attributes(|| computed("argument"), "item: \"field\"");
    check_attributes(|| constant("argument"), "item: \"field\"");
}
