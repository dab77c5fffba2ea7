//! Arguments that are taken apart: each name that is bound is an attribute.

use throughline::traced;

use super::check_attributes;

#[test]
fn the_members_of_a_tuple_are_recorded() {
    #[traced(args)]
    fn area((width, height): (u32, u32)) {}

    check_attributes(|| area((2, 3)), "height: 3, width: 2");
}

#[test]
fn the_members_of_tuples_in_a_tuple_are_recorded() {
    #[traced(args)]
    fn line(((x1, y1), (x2, y2)): ((i8, i8), (i8, i8))) {}

    check_attributes(|| line(((1, 2), (3, 4))), "x1: 1, x2: 3, y1: 2, y2: 4");
}

#[test]
fn what_is_behind_a_reference_in_a_pattern_is_recorded() {
    #[traced(args)]
    fn double(&number: &u64) -> u64 {
        number * 2
    }

    check_attributes(|| double(&4), "number: 4");
}

#[test]
fn the_members_of_a_tuple_struct_are_recorded() {
    struct Price(u32, &'static str);

    #[traced(args)]
    fn show(Price(amount, currency): Price) {}

    check_attributes(|| show(Price(7, "EUR")), "amount: 7, currency: \"EUR\"");
}

#[test]
fn the_fields_of_a_struct_are_recorded_by_the_names_they_are_bound_to() {
    struct Order {
        id: u64,
        items: usize,
    }

    #[traced(args)]
    async fn place(Order { id: order, items }: Order) -> usize {
        items
    }

    check_attributes(|| super::block_on(place(Order { id: 1, items: 2 })), "items: 2, order: 1");
}

#[test]
fn patterns_in_patterns_need_no_debug_of_what_they_leave_out() {
    struct Secret;

    struct Corner((u8, u8));

    struct Shape {
        corner: Corner,
        size: (u8, u8),
        secret: Secret,
    }

    #[traced(args)]
    fn draw(&Shape { corner: Corner((x, y)), size: (width, height), .. }: &Shape) -> u8 {
        x + y + width + height
    }

    let shape = Shape { corner: Corner((1, 2)), size: (3, 4), secret: Secret };
    check_attributes(|| draw(&shape), "height: 4, width: 3, x: 1, y: 2");
    let Secret = shape.secret;
}
