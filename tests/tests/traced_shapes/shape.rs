//! A shape of function, and what its body does so that its span shows.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _};

/// Shapes that belong together.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) shapes: &'static [Shape],
}

/// A function that is annotated, with its arguments.
pub(crate) struct Shape {
    /// What is particular about it.
    pub(crate) form: &'static str,
    pub(crate) function: &'static str,
    pub(crate) run: Run,
}

/// How the function is run.
pub(crate) enum Run {
    Call(fn()),
    Future(fn() -> Pin<Box<dyn Future<Output = ()>>>),
    Stream(fn() -> Pin<Box<dyn Stream<Item = ()>>>),
}

/// What every body calls where it works.
pub(crate) fn work() -> usize {
    throughline::span!("work").end();
    1
}

/// Is ready the second time it is asked: what every future awaits.
pub(crate) struct Pause(bool);

pub(crate) const fn pause() -> Pause {
    Pause(false)
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// The future of a function, whatever it returns.
pub(crate) fn ends<F: Future + 'static>(future: F) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move { drop(future.await) })
}

/// The stream of a function, whatever its items.
pub(crate) fn items<S: Stream + 'static>(stream: S) -> Pin<Box<dyn Stream<Item = ()>>> {
    Box::pin(stream.map(drop))
}

/// Something with methods.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shop {
    pub(crate) id: usize,
    pub(crate) items: Vec<String>,
}

/// A shop that is always there.
pub(crate) fn shop() -> &'static mut Shop {
    Box::leak(Box::default())
}

/// The shapes of one file as a module.
macro_rules! section {
    ($module:ident, $($shapes:tt)*) => {
        mod $module {
            #[allow(unused_imports)]
            use crate::shape::*;
            $($shapes)*;
        }
    };
}

/// A shape: its form, its function, how it is run.
macro_rules! shape {
    ($form:expr, $function:literal, call $call:expr) => {
        Shape {
            form: $form,
            function: $function,
            run: Run::Call(|| {
                let _ = $call;
            }),
        }
    };
    ($form:expr, $function:literal, future $call:expr) => {
        Shape { form: $form, function: $function, run: Run::Future(|| ends($call)) }
    };
    ($form:expr, $function:literal, stream $call:expr) => {
        Shape { form: $form, function: $function, run: Run::Stream(|| items($call)) }
    };
}

/// Waits, where the function is async.
macro_rules! wait {
    (call) => {
        ()
    };
    (future) => {
        pause().await
    };
}

pub(crate) use {section, shape, wait};
