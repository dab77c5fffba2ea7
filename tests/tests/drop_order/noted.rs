//! Values that note when they are dropped, and what runs the functions that own them.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_util::Stream;

thread_local! {
    static ORDER: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A function with its arguments.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) run: fn(Until),
}

/// How far a future or stream is run before it is dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Until {
    Call,
    Pause,
    End,
}

/// What is noted while the function runs.
pub(crate) fn order(case: &Case, until: Until) -> Vec<String> {
    ORDER.take();
    // What panics is one of the cases.
    let _ = catch_unwind(AssertUnwindSafe(|| (case.run)(until)));
    ORDER.take()
}

pub(crate) fn note(what: &str) {
    ORDER.with_borrow_mut(|order| order.push(what.to_owned()));
}

/// A value that notes its name when it is dropped.
#[derive(Debug)]
pub(crate) struct Noted(&'static str);

pub(crate) const fn noted(name: &'static str) -> Noted {
    Noted(name)
}

impl Noted {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// `Ok`, unless the name says otherwise.
    pub(crate) fn ok(&self) -> Result<usize, String> {
        if self.0.contains("wrong") { Err(self.0.to_owned()) } else { Ok(self.0.len()) }
    }

    pub(crate) fn and(self, other: &Self) -> usize {
        self.0.len() + other.0.len()
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        note(self.0);
    }
}

/// Two of them.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) one: Noted,
    pub(crate) two: Noted,
}

pub(crate) const fn pair() -> Pair {
    Pair { one: noted("one"), two: noted("two") }
}

/// Runs a future so far.
pub(crate) fn run<T>(future: impl Future<Output = T>, until: Until) {
    note("(called)");
    let mut future = pin!(future);
    for _ in 0..polls(until) {
        let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        note("(polled)");
        if polled.is_ready() {
            break;
        }
    }
}

/// Runs a stream so far.
pub(crate) fn run_stream<T>(stream: impl Stream<Item = T>, until: Until) {
    note("(called)");
    let mut stream = pin!(stream);
    for _ in 0..polls(until) {
        let polled = stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
        note("(polled)");
        if matches!(polled, Poll::Ready(None)) {
            break;
        }
    }
}

fn polls(until: Until) -> usize {
    match until {
        Until::Call => 0,
        Until::Pause => 1,
        Until::End => usize::MAX,
    }
}

/// A future that is ready the second time it is asked, and a value of its own that it drops.
pub(crate) struct Pause(bool, Option<Noted>);

pub(crate) const fn pause() -> Pause {
    Pause(false, None)
}

pub(crate) const fn pause_with(noted: Noted) -> Pause {
    Pause(false, Some(noted))
}

impl Future for Pause {
    type Output = Option<Noted>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Noted>> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(self.1.take()) } else { Poll::Pending }
    }
}

/// How a function that runs when it is called pauses and is run.
macro_rules! at_once {
    (pause) => {
        ()
    };
    ($call:expr, $until:ident) => {{
        let _ = $until;
        let _ = $call;
    }};
}

/// The same for an async function.
macro_rules! in_time {
    (pause) => {
        pause().await
    };
    ($call:expr, $until:ident) => {
        run($call, $until)
    };
}

pub(crate) use {at_once, in_time};
