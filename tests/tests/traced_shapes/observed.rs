//! What shows of a span: its parent, when it began, when it ended.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};

use throughline::span;
use throughline::testing::{SpanNode, Trace, capture};

use crate::shape::{Run, Shape};

/// How long the span of a function is open, and whose child it is.
#[derive(Debug, PartialEq)]
pub(crate) struct Observed {
    pub(crate) begins: Begins,
    pub(crate) ends: Ends,
    pub(crate) child_of: Begins,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Begins {
    Call,
    FirstPoll,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ends {
    Return,
    Future,
    Stream,
}

impl fmt::Display for Begins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call => "call",
            Self::FirstPoll => "first poll",
        })
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Return => "return",
            Self::Future => "end of the future",
            Self::Stream => "end of the stream",
        })
    }
}

/// Runs the function, and looks at its span, which is to have this name.
#[track_caller]
pub(crate) fn observe(shape: &Shape, name: &str) -> Observed {
    let trace = capture(|| run(&shape.run));
    let span = span_of(shape, &trace, name);
    works_inside(shape, &trace, name);
    let ends = match &shape.run {
        Run::Call(_) => Ends::Return,
        Run::Future(_) => Ends::Future,
        Run::Stream(_) => Ends::Stream,
    };
    let end = |span: &SpanNode<'_>| span.start() + span.duration();
    let after = trace.span("after").start();
    assert!(end(&span) < after, "{}: its span goes on\n{}", shape.form, trace.tree());
    let paused: Vec<_> = trace.spans_named("paused").collect();
    let is_paused = !matches!(shape.run, Run::Call(_));
    assert_eq!(!paused.is_empty(), is_paused, "{}: it pauses {} times", shape.form, paused.len());
    for paused in paused {
        assert_eq!(paused.parent().unwrap().name(), "poller", "{}: current in a pause", shape.form);
        assert!(end(&span) > end(&paused), "{}: ended before a pause\n{}", shape.form, trace.tree());
    }
    let begins = if span.start() < trace.span("called").start() { Begins::Call } else { Begins::FirstPoll };
    let child_of = if span.parent().unwrap().name() == "caller" { Begins::Call } else { Begins::FirstPoll };
    Observed { begins, ends, child_of }
}

/// Calls the function in one span and polls what it returns in another.
fn run(run: &Run) {
    let caller = span!("caller").entered();
    let mut next = call(run);
    span!("called").end();
    drop(caller);
    let _poller = span!("poller").entered();
    let mut context = Context::from_waker(Waker::noop());
    // What panics on purpose is at its end.
    while let Ok(Poll::Pending) = catch_unwind(AssertUnwindSafe(|| next(&mut context))) {
        span!("paused").end();
    }
    span!("after").end();
}

/// Asks for what comes next; pending until the end has come.
type Next = Box<dyn FnMut(&mut Context<'_>) -> Poll<()>>;

fn call(run: &Run) -> Next {
    match run {
        Run::Call(call) => {
            let _ = catch_unwind(call);
            Box::new(|_| Poll::Ready(()))
        }
        Run::Future(future) => {
            let mut future = future();
            Box::new(move |context| future.as_mut().poll(context))
        }
        Run::Stream(stream) => {
            let mut stream = stream();
            Box::new(move |context| match stream.as_mut().poll_next(context) {
                Poll::Ready(None) => Poll::Ready(()),
                Poll::Ready(Some(())) | Poll::Pending => Poll::Pending,
            })
        }
    }
}

/// The one span beside ours.
#[track_caller]
fn span_of<'a>(shape: &Shape, trace: &'a Trace, name: &str) -> SpanNode<'a> {
    let ours = ["called", "paused", "after"];
    let around = [trace.span("caller"), trace.span("poller")];
    assert_eq!(trace.roots().count(), around.len(), "{}\n{}", shape.form, trace.tree());
    let children = around.iter().flat_map(SpanNode::children);
    let beside: Vec<_> = children.filter(|span| !ours.contains(&span.name())).collect();
    let [span] = beside[..] else { panic!("{}: not one span\n{}", shape.form, trace.tree()) };
    assert_eq!(span.name(), name, "{}", shape.form);
    span
}

/// What the body does is done inside of the span.
#[track_caller]
fn works_inside(shape: &Shape, trace: &Trace, name: &str) {
    let works: Vec<_> = trace.spans_named("work").collect();
    assert!(!works.is_empty(), "{}: it does nothing", shape.form);
    for work in works {
        assert_eq!(work.parent().unwrap().name(), name, "{}: works elsewhere", shape.form);
    }
}
