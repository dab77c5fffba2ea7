//! The installed pipeline of a process, alone in its binary: a fork, and a sink that asks for a flush.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

use std::time::Duration;

use throughline::Pipeline;
use throughline::span::{Callsite, Sink, SpanView};
use throughline_tests::guarded::in_span;

static SPAN: Callsite = Callsite::new("span", module_path!(), file!(), line!(), &[]);

struct AsksForAFlush;

impl Sink for AsksForAFlush {
    fn span(&mut self, _: &SpanView<'_>) {
        assert!(!throughline::flush(Duration::from_secs(60)), "the worker would wait for itself");
    }
}

fn span() {
    in_span(&SPAN, || ());
}

#[test]
fn a_flush_that_nobody_can_answer_is_refused_at_once() {
    let pipeline = Pipeline::builder().sink(AsksForAFlush).start().unwrap();
    assert!(pipeline.install());
    assert!(!Pipeline::builder().start().unwrap().install(), "the first one stays");
    span();
    assert!(throughline::flush(Duration::from_secs(60)));
    assert_eq!(throughline::stats().spans, 1);
    assert_eq!(child(|| throughline::flush(Duration::from_secs(60))), Some(1), "the child has no worker");
    span();
    assert!(throughline::flush(Duration::from_secs(60)), "the parent goes on");
    drop(pipeline);
    assert_eq!(throughline::stats(), Default::default());
    assert!(throughline::flush(Duration::from_secs(60)), "there is nothing to hand on");
}

/// Traces in a forked child, and returns its exit code: 0 when `flushed` says yes.
#[expect(unsafe_code, reason = "there is no other way to fork")]
fn child(flushed: impl FnOnce() -> bool) -> Option<i32> {
    // SAFETY: the child calls nothing that needs another thread of the parent, and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        span();
        let code = i32::from(!flushed());
        // SAFETY: ends the child without running what belongs to the parent.
        unsafe { libc::_exit(code) }
    }
    let mut status = 0;
    // SAFETY: waits for the child that was just made.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status))
}
