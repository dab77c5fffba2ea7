//! Parallel work of rayon stays in the trace of who started it, on whatever threads it runs.

mod support;

use std::sync::mpsc;

use rayon::prelude::*;
use support::check;
use throughline::{Context, traced};
use throughline_rayon::{ParallelIteratorExt as _, ScopeExt as _};

#[traced(fields(of = number))]
fn leaf(number: u32) -> u32 {
    number * 2
}

/// Checks that `work` has `root` for its root, and below it as many leaves.
#[track_caller]
fn check_leaves(work: impl FnOnce() + Send, root: &str, leaves: usize) {
    let spans = support::spans(work);
    let mut lines = spans.lines();
    assert_eq!(lines.next(), Some(root), "{spans}");
    assert!(lines.all(|line| line.starts_with("  leaf of=")), "{spans}");
    assert_eq!(spans.lines().count() - 1, leaves, "{spans}");
}

#[traced]
fn joins() {
    let sums = throughline_rayon::join(|| leaf(1), || throughline_rayon::join(|| leaf(2), || leaf(3)));
    assert_eq!(sums, (2, (4, 6)));
}

#[test]
fn both_sides_of_a_join_are_part_of_the_trace() {
    check_leaves(joins, "joins", 3);
}

#[traced]
fn scopes() {
    let mut results = [0; 3];
    let [first, second, third] = &mut results;
    throughline_rayon::scope(|scope| {
        *first = leaf(1);
        scope.spawn_in_context(|scope| {
            scope.spawn_in_context(|_| *third = leaf(3));
            *second = leaf(2);
        });
    });
    rayon::in_place_scope_fifo(|scope| {
        scope.spawn_in_context(|_| {
            leaf(4);
        });
    });
    assert_eq!(results, [2, 4, 6]);
}

#[test]
fn what_a_scope_spawns_is_part_of_the_trace() {
    check_leaves(scopes, "scopes", 4);
}

#[traced]
fn spawns() {
    let (sender, receiver) = mpsc::channel();
    throughline_rayon::spawn(move || sender.send(leaf(1)).unwrap());
    assert_eq!(receiver.recv(), Ok(2));
}

#[test]
fn spawned_work_is_part_of_the_trace() {
    check(spawns, &["spawns", "  leaf of=1"]);
}

#[traced]
fn maps() {
    let numbers: Vec<u32> = (0..100).collect();
    let doubled: Vec<u32> = numbers.par_iter().in_current_context().map(|number| leaf(*number)).collect();
    assert_eq!(doubled, numbers.iter().map(|number| number * 2).collect::<Vec<_>>(), "in order");
}

#[test]
fn a_parallel_map_is_part_of_the_trace_and_keeps_its_order() {
    check_leaves(maps, "maps", 100);
}

#[traced]
fn chains() {
    let items = (0..10_u32).into_par_iter().zip(0..10_u32).rev().in_current_context();
    let sum = items
        .filter(|(left, right)| leaf(*left) == right * 2)
        .flat_map_iter(|(left, _)| [leaf(left), 1])
        .fold(|| leaf(0), |sum, item| sum + item)
        .reduce(|| 0, |left, right| left + right);
    assert_eq!(sum, 100);
}

#[test]
fn everything_that_follows_in_a_chain_is_part_of_the_trace() {
    let spans = support::spans(chains);
    assert!(spans.starts_with("chains\n"), "{spans}");
    // How often a fold begins is up to rayon.
    assert!(spans.lines().count() > 21, "{spans}");
    assert!(spans.lines().skip(1).all(|line| line.starts_with("  leaf of=")), "{spans}");
}

#[traced]
fn reduces() {
    let most = (1..=64_u32).into_par_iter().in_current_context().reduce(
        || 0,
        |left, right| {
            leaf(1);
            left.max(right)
        },
    );
    assert_eq!(most, 64);
}

#[test]
fn results_are_put_together_in_the_trace() {
    let spans = support::spans(reduces);
    assert!(spans.lines().count() > 64, "{spans}");
    assert!(spans.lines().skip(1).all(|line| line == "  leaf of=1"), "{spans}");
}

#[traced]
fn searches() {
    let found =
        (0..1000_u32).into_par_iter().in_context(Context::current()).find_any(|number| *number == 500);
    assert_eq!(found, Some(500));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    assert_eq!(pool.install(Context::current().carry(|| leaf(1))), 2);
}

#[test]
fn a_search_ends_early_and_a_pool_of_ones_own_takes_closures_with_a_context() {
    check(searches, &["searches", "  leaf of=1"]);
}
