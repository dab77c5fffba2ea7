//! Parameters, temporaries and locals are dropped in the order of the function as it was written.

mod drop_order;

#[test]
fn temporaries_of_the_last_expression_go_before_the_locals() {
    let expected = ["temporary", "local", "a"];
    assert_eq!(drop_order::as_written("temporaries_for_nothing"), expected);
}
