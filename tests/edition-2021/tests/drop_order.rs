//! Parameters, temporaries and locals are dropped in the order of the function as it was written, which is another one in
//! this edition.

#[path = "../../tests/drop_order/mod.rs"]
mod drop_order;

#[test]
fn temporaries_of_the_last_expression_go_after_the_locals() {
    let expected = ["local", "temporary", "a"];
    assert_eq!(drop_order::as_written("temporaries_for_nothing"), expected);
}
