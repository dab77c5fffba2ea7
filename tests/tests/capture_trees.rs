//! What a captured trace tells, and how its assertions fail.

use std::panic::{AssertUnwindSafe, catch_unwind};

use throughline::span::Outcome;
use throughline::testing::{OwnedValue, SpanNode, Trace, capture, capture_returning};
use throughline::{FutureExt, span};

fn shop() -> Trace {
    capture(|| {
        span!("checkout", order.items = 3usize, order.total = 9.5, order.tags = ["new", "gift"]).in_scope(
            || {
                throughline::event!("cart.locked", cart.id = "c1");
                span!("reserve").end();
                let charge = span!("charge", card.kind = "visa");
                charge.fail("Declined", "no funds");
                charge.in_scope(|| span!("ledger").end());
            },
        );
    })
}

fn panic_of(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("the assertion held");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn a_tree_shows_names_and_outcomes_in_canonical_order() {
    shop().assert_tree(
        "
        checkout
          charge error: no funds
            ledger
          reserve
        ",
    );
}

#[test]
fn siblings_can_be_shown_in_the_order_they_started() {
    let trace = shop();
    assert_eq!(
        trace.tree().by_time(),
        "
        checkout
          reserve
          charge error: no funds
            ledger
        "
    );
}

#[test]
fn attributes_and_events_are_shown_on_demand() {
    let trace = shop();
    assert_eq!(
        trace.tree().with(["order.items", "error.type"]).with_events(),
        r#"
        checkout {order.items: 3}
          * cart.locked {cart.id: "c1"}
          charge error: no funds {error.type: "Declined"}
            ledger
          reserve
        "#
    );
}

#[test]
fn attributes_are_typed_and_compare_with_plain_values() {
    let trace = shop();
    let checkout = trace.span("checkout");
    assert_eq!(checkout.attribute("order.items").unwrap(), 3);
    assert_ne!(checkout.attribute("order.items").unwrap(), "3");
    assert_eq!(checkout.attribute("order.items"), Some(3.into()));
    assert_eq!(checkout.attribute("order.total").unwrap(), 9.5);
    assert_eq!(checkout.attribute("order.tags").unwrap(), ["new", "gift"]);
    assert_eq!(checkout.attribute("order.none"), None);
    assert_eq!(OwnedValue::from(u64::MAX), "18446744073709551615");
}

#[test]
fn two_captures_of_the_same_code_are_the_same_in_every_id_and_time() {
    let ids = |trace: &Trace| {
        let of = |span: SpanNode<'_>| (span.trace_id(), span.span_id(), span.start(), span.duration());
        trace.spans().map(of).collect::<Vec<_>>()
    };
    assert_eq!(ids(&shop()), ids(&shop()));
}

#[test]
fn captures_on_many_threads_see_their_own_spans_only() {
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..20).map(|_| shop().len()).sum::<usize>())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 20 * 4);
        }
    });
}

#[test]
fn a_capture_returns_what_the_code_returned() {
    let (sum, trace) = capture_returning(|| span!("add").in_scope(|| 1 + 1));
    assert_eq!((sum, trace.root().name()), (2, "add"));
}

#[test]
fn a_panic_passes_through_and_the_next_capture_works() {
    let panic = catch_unwind(|| capture(|| panic!("code under test")));
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"code under test"));
    assert_eq!(shop().len(), 4);
    span!("outside").end();
}

#[test]
fn a_span_that_has_not_ended_makes_its_children_orphans() {
    let (open, trace) = capture_returning(|| {
        let open = span!("open");
        open.in_scope(|| span!("child").end());
        open
    });
    drop(open);
    assert_eq!(trace.tree(), "child (orphan: its parent was not captured)");
    assert!(trace.orphans().map(|span| span.name().to_owned()).eq(["child"]));
    let message = panic_of(|| trace.assert_connected());
    assert!(message.starts_with("the parent of `child` was not captured:\nchild"), "{message}");
}

#[test]
fn relatives_are_found_from_every_span() {
    let trace = shop();
    let root = trace.root();
    assert_eq!(root.children().len(), 2);
    assert_eq!(root.child("charge").child("ledger").ancestors().count(), 2);
    assert_eq!(trace.span("ledger").parent().unwrap().outcome(), Outcome::Error);
    assert_eq!(root.event("cart.locked").unwrap().attribute("cart.id").unwrap(), "c1");
    trace.assert_connected();
}

#[test]
fn propagation_assertions_hold_for_a_call() {
    let trace = shop();
    let (root, ledger) = (trace.root(), trace.span("ledger"));
    root.assert_ancestor_of(&ledger);
    root.assert_same_trace(&ledger);
    root.assert_same_request(&ledger);
    trace.span("charge").assert_parent_of(&ledger);
}

#[test]
fn a_failed_assertion_explains_itself_with_the_tree() {
    let trace = shop();
    let tree = "captured:\ncheckout\n  charge error: no funds\n    ledger\n  reserve";
    let message = panic_of(|| trace.span("reserve").assert_parent_of(&trace.span("ledger")));
    let reason = "`reserve` is not the parent of `ledger`, whose ancestors are `charge` in `checkout`; ";
    assert_eq!(message, format!("{reason}{tree}"));
    let message = panic_of(|| assert!(trace.span("refund").events().is_empty()));
    assert_eq!(message, format!("no span is named `refund`; {tree}"));
    let message = panic_of(|| trace.assert_tree("checkout"));
    assert_eq!(message, format!("expected:\ncheckout\n\n{tree}"));
}

#[test]
fn two_roots_are_two_traces_and_two_requests() {
    let trace = capture(|| {
        let first = span!("first");
        let link = first.context();
        first.end();
        let second = span!("second");
        second.link(&link);
        second.end();
    });
    let (first, second) = (trace.span("first"), trace.span("second"));
    second.assert_linked_to(&first);
    assert_eq!(trace.trace_ids().len(), 2);
    assert_eq!(trace.tree().with_links(), "first\nsecond\n  -> first");
    let message = panic_of(|| first.assert_same_trace(&second));
    assert!(message.starts_with("`first` is in trace 0"), "{message}");
    let message = panic_of(|| first.assert_same_request(&second));
    assert!(message.starts_with("`first` is part of request `req-"), "{message}");
    let message = panic_of(|| assert!(trace.root().events().is_empty()));
    assert!(message.starts_with("2 spans have no parent here"), "{message}");
}

#[test]
fn a_cancelled_future_and_a_panic_are_seen_as_such() {
    let trace = capture(|| {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut pending = Box::pin(std::future::pending::<()>().in_span(span!("waits")));
        assert!(pending.as_mut().poll(&mut context).is_pending());
        drop(pending);
        let _ = catch_unwind(|| span!("breaks").in_scope(|| panic!("on purpose")));
    });
    assert_eq!(trace.span("waits").outcome(), Outcome::Cancelled);
    assert_eq!(trace.span("breaks").outcome(), Outcome::Panicked);
}
