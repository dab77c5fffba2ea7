//! The steps of a program that are not async.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::task::Poll;

use throughline::span::guard::Guard;
use throughline::span::{Parent, Span};
use throughline::{Context, ContextParts, Flags, SpanId, TraceId};

use super::model::{At, Inside, Now, now};
use super::task::Task;
use super::world::{CALLSITES, Ends, World, lock};

/// One step of a function that is not async.
pub(crate) fn step(world: &Arc<World>, depth: usize) {
    {
        let mut fuel = lock(&world.fuel);
        if *fuel == 0 || depth == 0 {
            return;
        }
        *fuel -= 1;
    }
    let more = |world: &Arc<World>| (0..world.pick(4)).for_each(|_| step(world, depth - 1));
    match world.pick(21) {
        0..=3 => in_guard(world, more),
        4 => world.write(),
        5 => world.bind(),
        6 => {
            let context = (Context::current(), now());
            lock(&world.contexts).push(context);
        }
        7 => {
            let (context, inside) = world.context();
            let _attached = context.attach();
            let _inside = Inside::of(inside);
            world.check();
            more(world);
            world.check();
        }
        8 => {
            let pipeline = 1 + world.pick(world.pipelines.len());
            let _entered = world.pipelines[pipeline - 1].enter();
            let _inside = Inside::of(Now { pipeline, ..Now::default() });
            world.check();
            more(world);
        }
        9 => come_in(world),
        10 | 11 => {
            let task = Task::new(world, depth - 1);
            lock(&world.tasks).push(task);
        }
        12..=14 => {
            if let Some(mut task) = world.take(&world.tasks) {
                if tolerating(|| task.poll_once()) == Some(Poll::Pending) {
                    lock(&world.tasks).push(task);
                } else {
                    tolerating(|| drop(task));
                }
            }
        }
        15 => {
            let task = world.take(&world.tasks);
            tolerating(|| drop(task));
        }
        16 => {
            let held = Held::new(world);
            held.in_scope(|| more(world));
            lock(&world.spans).push(held);
        }
        17 => {
            if let Some(held) = world.take(&world.spans) {
                held.set("set", world.pick(9));
                held.in_scope(|| more(world));
                held.set("set again", world.pick(9));
            }
        }
        18 => {
            let world = Arc::clone(world);
            let joined = std::thread::spawn(move || {
                (0..1 + world.pick(4)).for_each(|_| step(&world, depth - 1));
                world.check();
                assert!(now().is_empty() && throughline::current().is_empty());
            })
            .join();
            joined.unwrap_or_else(|panic| resume_unwind(panic));
        }
        19 => {
            tolerating(|| {
                in_guard(world, |world| {
                    more(world);
                    fail(world);
                });
            });
        }
        _ => (0..world.pick(60)).for_each(|_| in_guard(world, |_| ())),
    }
    world.check();
}

/// A panic of the program, not of the test.
pub(crate) struct OnPurpose;

pub(crate) fn fail(world: &World) {
    if !std::thread::panicking() && world.pick(2) == 0 {
        resume_unwind(Box::new(OnPurpose));
    }
}

pub(crate) fn tolerating<R>(code: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(code)) {
        Ok(returned) => Some(returned),
        Err(panic) if panic.is::<OnPurpose>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

pub(crate) fn in_guard(world: &Arc<World>, code: impl FnOnce(&Arc<World>)) {
    let callsite = &CALLSITES[world.pick(3)];
    let mut guard = Guard::new();
    let parent = match world.pick(8) {
        0 => {
            guard.enter_with(callsite, Parent::Root);
            Now { trace: None, at: At::Nothing, unrecorded: false, ..now() }
        }
        1 => {
            let (context, parent) = world.context();
            guard.enter_with(callsite, Parent::Of(&context));
            parent
        }
        _ => {
            guard.enter(callsite);
            now()
        }
    };
    let opened = world.open(parent);
    let _inside = opened.map(|(inside, _)| Inside::of(inside));
    let _ends = Ends(world, opened.map(|(_, node)| node), std::thread::panicking());
    world.check();
    code(world);
    world.check();
}

/// A context from outside. What has a remote parent has a request.
pub(crate) fn come_in(world: &World) {
    let mut random = lock(&world.random);
    let mut inside = Now { pipeline: now().pipeline, ..Now::default() };
    let mut requests = lock(&world.requests);
    let id = format!("request-{}-{}", world.seed, requests.len());
    let mut parts = ContextParts { request_id: Some(id.parse().unwrap()), ..ContextParts::default() };
    inside.request = Some(requests.len());
    requests.push((id, false));
    if random.bool() {
        let (trace, span) = (TraceId::new(random.u128(1..)).unwrap(), SpanId::new(random.u64(1..)).unwrap());
        let sampled = random.bool();
        parts.flags = if sampled { Flags::SAMPLED } else { Flags::default() };
        (parts.trace_id, parts.span_id) = (Some(trace), Some(span));
        parts.trace_state = random.bool().then(|| "vendor=1".into());
        let mut traces = lock(&world.traces);
        (inside.trace, inside.at) = (Some(traces.len()), At::Remote(span, sampled));
        traces.push(Some(trace));
    }
    lock(&world.contexts).push((Context::from(parts), inside));
}

/// A span as a value.
pub(crate) struct Held {
    pub(crate) world: Arc<World>,
    pub(crate) span: Option<Span>,
    pub(crate) now: Now,
    pub(crate) node: Option<usize>,
    pub(crate) panicking: bool,
}

impl Held {
    pub(crate) fn new(world: &Arc<World>) -> Self {
        let span = Span::new(&CALLSITES[world.pick(3)]);
        let opened = world.open(now());
        let (now, node) = opened.map_or((now(), None), |(now, node)| (now, Some(node)));
        let context = span.context();
        if let Some(node) = node {
            lock(&world.nodes)[node].ids = context.trace_id().zip(context.span_id());
        }
        Self { world: Arc::clone(world), span: Some(span), now, node, panicking: std::thread::panicking() }
    }

    /// From wherever: another pipeline may be current.
    pub(crate) fn set(&self, key: &str, number: usize) {
        self.span.as_ref().unwrap().set(key, number);
        if let Some(node) = self.node {
            lock(&self.world.nodes)[node].attributes.insert(key.to_owned(), format!("int {number}"));
        }
        self.world.check();
    }

    pub(crate) fn in_scope(&self, code: impl FnOnce()) {
        self.span.as_ref().unwrap().in_scope(|| {
            let _inside = Inside::of(self.now);
            self.world.check();
            code();
            self.world.check();
        });
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.span.take().is_some() {
            drop(Ends(&self.world, self.node, self.panicking));
        }
    }
}
