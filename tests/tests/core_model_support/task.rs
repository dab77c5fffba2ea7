//! Futures: wrappers beside the model of theirs, and what runs in them.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Waking, Poll, Waker};

use throughline::FutureExt;
use throughline::span::{Outcome, future};

use super::model::{Inside, NOW, Now, Print, UNDER, now};
use super::program::{Held, fail, in_guard, step};
use super::world::{CALLSITES, World};

pub(crate) type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A wrapped future beside the model of its wrapper.
pub(crate) struct Task {
    world: Arc<World>,
    real: Option<Boxed>,
    /// What it was created under, then what it carries.
    own: Now,
    under: Print,
    state: State,
    node: Option<usize>,
    panicked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum State {
    New,
    Carrying,
    Nothing,
    Ended,
}

impl Task {
    pub(crate) fn new(world: &Arc<World>, depth: usize) -> Self {
        let body = body(Arc::clone(world), depth);
        let (mut own, mut node, mut state) = (now(), None, State::Carrying);
        let real: Boxed = match world.pick(4) {
            0 => {
                let mut held = Held::new(world);
                (own, node) = (held.now, held.node);
                Box::pin(body.in_span(held.span.take().unwrap()))
            }
            1 => {
                let (context, inside) = world.context();
                own = inside;
                Box::pin(body.in_context(context))
            }
            _ => {
                state = State::New;
                Box::pin(future::traced(&CALLSITES[world.pick(3)], body, |()| ()))
            }
        };
        let (world, under) = (Arc::clone(world), now().print());
        Self { world, real: Some(real), own, under, state, node, panicked: false }
    }

    /// The rule: under the context it was created under, unless that is what the enclosing wrapper was created under.
    pub(crate) fn open(&mut self) {
        let (captured, now) = (self.own, now());
        let follows = captured.is_empty() || captured.print() == UNDER.get();
        let has_pipeline = now.pipeline != 0 || captured.pipeline == 0;
        let parent = if follows && (has_pipeline || !now.is_empty()) { now } else { captured };
        let opened = self.world.open(parent);
        (self.own, self.node) = opened.map_or((parent, None), |(own, node)| (own, Some(node)));
        let nothing = opened.is_none() && parent.is_empty() && parent.pipeline == 0;
        self.state = if nothing { State::Nothing } else { State::Carrying };
    }

    /// Runs `code` as the wrapper does, and goes on unwinding.
    pub(crate) fn inside<R>(&mut self, code: impl FnOnce(&mut Boxed) -> R) -> R {
        let inside = (self.state == State::Carrying).then(|| Inside::of(self.own));
        if inside.is_some() {
            UNDER.set(self.under);
        }
        let real = self.real.as_mut().unwrap();
        let result = catch_unwind(AssertUnwindSafe(|| code(real)));
        drop(inside);
        result.unwrap_or_else(|panic| {
            self.panicked = true;
            resume_unwind(panic)
        })
    }

    pub(crate) fn poll_once(&mut self) -> Poll<()> {
        if self.state == State::New {
            self.open();
        }
        let polled = self.inside(|real| real.as_mut().poll(&mut Waking::from_waker(Waker::noop())));
        self.world.check();
        if polled.is_ready() {
            self.state = State::Ended;
            self.world.end(self.node.take(), Outcome::Ok);
        }
        polled
    }
}

impl Future for Task {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Waking<'_>) -> Poll<()> {
        self.poll_once()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let dropped = catch_unwind(AssertUnwindSafe(|| {
            self.inside(|real| drop(std::mem::replace(real, Box::pin(std::future::ready(())))))
        }));
        let outcome = if self.panicked { Outcome::Panicked } else { Outcome::Cancelled };
        self.world.end(self.node.take(), outcome);
        if let Err(panic) = dropped {
            resume_unwind(panic);
        }
    }
}

/// Traces, and perhaps panics, when the future that holds it is dropped or done.
pub(crate) struct Leaving(Arc<World>, bool);

impl Drop for Leaving {
    fn drop(&mut self) {
        in_guard(&self.0, |_| ());
        if self.1 {
            fail(&self.0);
        }
    }
}

pub(crate) fn body(world: Arc<World>, depth: usize) -> Boxed {
    Box::pin(async move {
        world.check();
        let _leaving = Leaving(Arc::clone(&world), world.pick(8) == 0);
        for _ in 0..world.pick(7) {
            match world.pick(12) {
                0..=3 => step(&world, depth),
                4..=6 => {
                    let mut polled = false;
                    std::future::poll_fn(|_| {
                        if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
                    })
                    .await;
                }
                7 | 8 if depth > 0 => Task::new(&world, depth - 1).await,
                9 => {
                    if let Some(task) = world.take(&world.tasks) {
                        task.await;
                    }
                }
                10 => join(&world).await,
                11 if world.leaks => leak(&world),
                11 if world.pick(3) == 0 => fail(&world),
                _ => world.write(),
            }
            world.check();
        }
    })
}

/// Polls some futures, in any order, until all are done.
pub(crate) async fn join(world: &Arc<World>) {
    let mut tasks: Vec<_> = std::iter::from_fn(|| world.take(&world.tasks)).take(3).collect();
    std::future::poll_fn(|_| {
        for _ in 0..3 {
            if !tasks.is_empty() {
                let at = world.pick(tasks.len());
                if tasks[at].poll_once().is_ready() {
                    drop(tasks.swap_remove(at));
                }
            }
        }
        if tasks.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// A guard leaked inside of a wrapper stays inside of it.
pub(crate) fn leak(world: &World) {
    let (context, inside) = world.context();
    if inside.request.is_none() && now().pipeline != 0 {
        std::mem::forget(context.attach());
        NOW.set(inside);
    }
}
