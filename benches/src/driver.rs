//! How every side is driven: rounds of a fixed number of units, with the worker's turn between them.

use std::any::Any;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

/// The spans of a round; a round has to fit into every peer's queue.
pub const SPANS: u64 = 1_000;

/// The units of a round of a case whose unit is long.
pub const FEW: u64 = 100;

/// A case in the hands of one side.
pub struct Scenario {
    /// What is done once, before anything is counted. What it returns lives until the end.
    pub prepare: fn() -> Box<dyn Any>,
    /// So many units as the case says.
    pub round: fn(),
    /// Lets the side's own thread take what the round left, so that no queue fills up.
    pub settle: fn(),
}

impl Scenario {
    /// Runs so many rounds.
    pub fn run(&self, rounds: u64) {
        let kept = (self.prepare)();
        for _ in 0..rounds {
            producer_side(self.round);
            (self.settle)();
        }
        drop(kept);
    }
}

/// Runs the scenario that `find` knows by the side and the case in the arguments, `SIDE CASE ROUNDS`. Meant to be run under
/// callgrind, by the gate.
#[expect(clippy::print_stderr, reason = "a command's way to say how it is used")]
pub fn main(find: impl Fn(&str, &str) -> Option<Scenario>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let found = match &arguments[..] {
        [side, case, rounds] => find(side, case).zip(rounds.parse().ok()),
        _ => None,
    };
    let Some((scenario, rounds)) = found else {
        eprintln!("usage: SIDE CASE ROUNDS");
        return ExitCode::FAILURE;
    };
    scenario.run(rounds);
    ExitCode::SUCCESS
}

/// What callgrind counts: all that happens inside of it, on this thread. Known by its name.
#[inline(never)]
pub fn producer_side(round: fn()) {
    round();
    // Else the call above may become a jump, and the function would not be seen to return.
    black_box(());
}

/// Polls `future` until it is ready, as an executor that has nothing else to do. Inlined: an executor that moves futures
/// around is not what is counted.
#[inline(always)]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// A future that is pending so many times.
#[derive(Debug)]
pub struct Yields(pub u8);

impl Future for Yields {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.0.checked_sub(1) {
            Some(left) => {
                self.0 = left;
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

/// For scenarios whose side has nothing to settle.
pub fn nothing() {}

/// For scenarios that need no preparation.
pub fn unprepared() -> Box<dyn Any> {
    Box::new(())
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario").finish_non_exhaustive()
    }
}
