//! Random programs of guards, futures, spans, contexts, threads and panics beside a plain model of the rules: at each step
//! the same must be current, and at the end the same spans must come out. `CORE_MODEL_SEEDS=from..to` runs other programs.
#![allow(clippy::disallowed_methods, reason = "tests start threads of their own")]

mod core_model_support;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use core_model_support::model::{At, Inside, Now};
use core_model_support::program::{come_in, step, tolerating};
use core_model_support::values::view;
use core_model_support::world::{World, lock};
use throughline::sampling::Sampler;
use throughline::span::{Outcome, Sink, SpanView};
use throughline::{Context, ContextParts, Flags, Pipeline, SpanId, TraceId};

#[derive(Debug)]
struct Seen {
    ids: (TraceId, SpanId),
    parent: Option<SpanId>,
    remote: bool,
    flags: Flags,
    outcome: Outcome,
    attributes: BTreeMap<String, String>,
}

#[derive(Clone, Default)]
struct Collect(Arc<Mutex<Vec<Seen>>>);

impl Sink for Collect {
    fn span(&mut self, span: &SpanView<'_>) {
        let count = span.attributes.count();
        let attributes: BTreeMap<_, _> =
            span.attributes.map(|(key, value)| (key.to_owned(), view(value))).collect();
        assert_eq!(count, attributes.len(), "an attribute was written twice");
        lock(&self.0).push(Seen {
            ids: (span.trace_id, span.span_id),
            parent: span.parent,
            remote: span.parent_is_remote,
            flags: span.flags,
            outcome: span.outcome,
            attributes,
        });
    }
}

/// Runs the program of a seed. It ends with nothing current, whatever it did.
fn run(seed: u64, pipelines: &Arc<Vec<Pipeline>>) -> Arc<World> {
    let mut random = fastrand::Rng::with_seed(seed);
    let leaks = random.u8(..4) == 0;
    let world = Arc::new(World {
        random: Mutex::new(random),
        pipelines: Arc::clone(pipelines),
        nodes: Mutex::default(),
        traces: Mutex::default(),
        requests: Mutex::default(),
        contexts: Mutex::new(vec![(Context::default(), Now::default())]),
        tasks: Mutex::default(),
        spans: Mutex::default(),
        fuel: Mutex::new(400),
        seed,
        leaks,
    });
    for pipeline in [1, 1 + world.pick(pipelines.len()), 1] {
        let _entered = pipelines[pipeline - 1].enter();
        let _inside = Inside::of(Now { pipeline, ..Now::default() });
        come_in(&world);
        (0..20).for_each(|_| {
            tolerating(|| step(&world, 6));
        });
        world.check();
    }
    while let Some(task) = world.take(&world.tasks) {
        tolerating(|| drop(task));
    }
    while world.take(&world.spans).is_some() {}
    lock(&world.contexts).clear();
    world.check();
    assert!(throughline::current().is_empty(), "seed {seed}");
    world
}

/// Compares what came out with the model.
fn compare(worlds: &[Arc<World>], collected: &[Collect]) {
    let mut seen: Vec<HashMap<_, _>> = collected
        .iter()
        .map(|collect| lock(&collect.0).drain(..).map(|seen| (seen.ids, seen)).collect())
        .collect();
    let mut count = 0;
    for world in worlds {
        let (nodes, seed) = (lock(&world.nodes), world.seed);
        let mut traces: HashMap<usize, TraceId> = HashMap::new();
        let mut ids = HashSet::new();
        for node in nodes.iter() {
            let known = node.ids.unwrap();
            assert!(ids.insert((node.now.pipeline, known)), "seed {seed}: the same IDs twice: {node:?}");
            assert_eq!(*traces.entry(node.now.trace.unwrap()).or_insert(known.0), known.0, "seed {seed}");
            if node.now.unrecorded {
                continue;
            }
            let found = seen[node.now.pipeline - 1].remove(&known);
            let Some(mut found) = found else { panic!("seed {seed}: lost: {node:?}") };
            count += 1;
            let (parent, remote) = match node.parent {
                At::Nothing => (None, false),
                At::Here(parent) => (Some(nodes[parent].ids.unwrap().1), false),
                At::Remote(parent, _) => (Some(parent), true),
            };
            assert_eq!((found.parent, found.remote), (parent, remote), "seed {seed}: {node:?}");
            assert_eq!(Some(found.outcome), node.outcome, "seed {seed}: {node:?}");
            assert!(found.flags.is_sampled(), "seed {seed}: {node:?}");
            if !node.attributes.contains_key("request.id") {
                let id = found.attributes.remove("request.id");
                assert_eq!(id.is_some(), parent.is_none() || remote, "seed {seed}: {node:?}");
            }
            if found.outcome == Outcome::Panicked {
                assert_eq!(found.attributes.remove("error.type").as_deref(), Some("panic"), "seed {seed}");
            }
            assert_eq!(found.attributes, node.attributes, "seed {seed}: {node:?}");
        }
    }
    assert!(seen.iter().all(HashMap::is_empty), "spans that nobody opened: {seen:?}");
    assert!(count > 100, "{count} spans");
}

fn seeds() -> std::ops::Range<u64> {
    let given = std::env::var("CORE_MODEL_SEEDS").ok();
    let range = given.as_ref().and_then(|given| given.split_once(".."));
    range.map_or(0..300, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

#[test]
fn random_programs_record_what_the_rules_say_and_leave_nothing_behind() {
    let collected = [(); 4].map(|()| Collect::default());
    let builders = collected.each_ref().map(|collect| {
        Pipeline::builder()
            .sink(collect.clone())
            .span_limits(u32::MAX, u32::MAX, u32::MAX)
            .value_length(1 << 20)
    });
    let [first, second, third, fourth] = builders;
    let second = second.sampler(Sampler::ALWAYS_OFF.parent_based());
    let builders = [first, second, third.deterministic(), fourth];
    let pipelines: Arc<Vec<_>> = Arc::new(builders.map(|builder| builder.start().unwrap()).into());
    let mut all = seeds();
    // In parts, so that the spans of a part fit into memory; each part on several threads at once.
    while !all.is_empty() {
        let part: Vec<_> = all.by_ref().take(40).collect();
        let halves: Vec<_> = part.chunks(20).collect();
        let worlds: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = halves
                .iter()
                .map(|half| {
                    scope.spawn(|| half.iter().map(|seed| run(*seed, &pipelines)).collect::<Vec<_>>())
                })
                .collect();
            running.into_iter().flat_map(|half| half.join().unwrap()).collect()
        });
        for pipeline in pipelines.iter() {
            assert!(pipeline.flush(Duration::from_secs(60)));
            let stats = pipeline.stats();
            assert_eq!(stats.dropped_spans() + stats.dropped_records + stats.dropped_late, 0, "{stats:?}");
        }
        compare(&worlds, &collected);
    }
    // All slots of requests are free again, so that as many requests at once have their IDs.
    let requests: Vec<_> = (0..(1 << 17) - 1)
        .map(|number| {
            let request_id = Some(format!("r{number}").parse().unwrap());
            Context::from(ContextParts { request_id, ..ContextParts::default() })
        })
        .collect();
    let lost = requests.iter().filter(|request| request.request_id().is_none()).count();
    assert_eq!(lost, 0, "slots of requests were not given back");
}
