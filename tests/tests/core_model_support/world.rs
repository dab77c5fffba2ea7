//! All that a program has made, and the checks of what is current.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use throughline::span::{Callsite, Outcome, Value, current};
use throughline::{Context, Pipeline, TraceId, baggage};

use super::model::{At, Node, Now, now};
use super::program::Held;
use super::task::Task;
use super::values::show;

pub(crate) const KEYS: &[&str] =
    &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];
pub(crate) static CALLSITES: [Callsite; 3] = [
    Callsite::new("one", module_path!(), file!(), line!(), KEYS),
    Callsite::new("two", module_path!(), file!(), line!(), KEYS),
    Callsite::new("three", module_path!(), file!(), line!(), KEYS),
];

pub(crate) struct World {
    pub(crate) random: Mutex<fastrand::Rng>,
    pub(crate) pipelines: Arc<Vec<Pipeline>>,
    pub(crate) nodes: Mutex<Vec<Node>>,
    /// Remote ones at least; `None` for those that begin here.
    pub(crate) traces: Mutex<Vec<Option<TraceId>>>,
    /// Their IDs, and whether something is in their baggage.
    pub(crate) requests: Mutex<Vec<(String, bool)>>,
    pub(crate) contexts: Mutex<Vec<(Context, Now)>>,
    pub(crate) tasks: Mutex<Vec<Task>>,
    pub(crate) spans: Mutex<Vec<Held>>,
    pub(crate) fuel: Mutex<u32>,
    pub(crate) seed: u64,
    /// Whether it leaks guards: then it binds nothing, for what is bound would be leaked too.
    pub(crate) leaks: bool,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn pick(&self, below: usize) -> usize {
        lock(&self.random).usize(..below)
    }

    pub(crate) fn take<T>(&self, from: &Mutex<Vec<T>>) -> Option<T> {
        let mut from = lock(from);
        let len = from.len();
        (len > 0).then(|| from.remove(self.recent(len)))
    }

    /// A place in a list, often near its end.
    pub(crate) fn recent(&self, len: usize) -> usize {
        if self.pick(2) == 0 { self.pick(len) } else { len - 1 - self.pick(len.min(3)) }
    }

    pub(crate) fn context(&self) -> (Context, Now) {
        let contexts = lock(&self.contexts);
        contexts[self.recent(contexts.len())].clone()
    }

    /// Opens a span under `parent` in the model: what is current in it, and its number. `None` when there is none.
    pub(crate) fn open(&self, parent: Now) -> Option<(Now, usize)> {
        if parent.pipeline == 0 || parent.unrecorded {
            return None;
        }
        let recorded = match parent.at {
            At::Remote(_, sampled) => sampled,
            At::Here(_) => true,
            At::Nothing => parent.pipeline != 2,
        };
        let mut nodes = lock(&self.nodes);
        let number = nodes.len();
        let mut traces = lock(&self.traces);
        let trace = parent.trace.unwrap_or_else(|| {
            traces.push(None);
            traces.len() - 1
        });
        let now = Now { trace: Some(trace), at: At::Here(number), unrecorded: !recorded, ..parent };
        let now = Now { of: parent.of.or(now.trace), ..now };
        let mut attributes = BTreeMap::new();
        if let (Some(request), false) = (parent.request, matches!(parent.at, At::Here(_))) {
            attributes.insert("request.id".to_owned(), lock(&self.requests)[request].0.clone());
        }
        nodes.push(Node { now, parent: parent.at, ids: None, attributes, keys: 0, outcome: None });
        Some((now, number))
    }

    pub(crate) fn end(&self, node: Option<usize>, outcome: Outcome) {
        if let Some(node) = node {
            let before = lock(&self.nodes)[node].outcome.replace(outcome);
            assert_eq!(before, None, "seed {}: a span ended twice", self.seed);
        }
    }

    /// What is current must be what the model says.
    pub(crate) fn check(&self) {
        let (now, seed) = (now(), self.seed);
        let (trace, span) = (throughline::trace_id(), throughline::span_id());
        assert_eq!(now.trace.is_some(), trace.is_some(), "seed {seed}: {now:?}");
        match now.at {
            At::Nothing => assert_eq!(span, None, "seed {seed}"),
            At::Remote(id, _) => {
                assert_eq!(span, Some(id), "seed {seed}");
                assert_eq!(trace, now.trace.and_then(|trace| lock(&self.traces)[trace]), "seed {seed}");
            }
            At::Here(node) => {
                let ids = trace.zip(span);
                let known = *lock(&self.nodes)[node].ids.get_or_insert(ids.unwrap());
                assert_eq!(ids, Some(known), "seed {seed}: {now:?}");
            }
        }
        let recorded = matches!(now.at, At::Here(_)) && !now.unrecorded;
        assert_eq!(current::is_recording(), recorded, "seed {seed}");
        let request = now.request.map(|request| lock(&self.requests)[request].clone());
        let id = throughline::request_id().map(|id| id.to_string());
        match &request {
            Some((known, _)) => assert_eq!(id.as_ref(), Some(known), "seed {seed}"),
            None => assert_eq!(id.is_some(), now.trace.is_some(), "seed {seed}"),
        }
        match (baggage::get("of"), &request) {
            (found, Some((_, is_set))) => assert_eq!(found.is_some(), *is_set, "seed {seed}"),
            (Some(found), None) => assert_eq!(found, format!("{:?}", now.of), "seed {seed}"),
            (None, None) => {}
        }
    }

    /// Sets something in the baggage. A request that came with nothing gets a slot for it.
    pub(crate) fn bind(&self) {
        let now = now();
        if self.leaks {
            return;
        }
        if let Some(request) = now.request {
            lock(&self.requests)[request].1 = true;
            assert!(baggage::set("of", "request"));
        } else if let At::Here(_) = now.at {
            assert!(baggage::set("of", &format!("{:?}", now.of)));
            assert!(baggage::get("of").is_some(), "seed {}", self.seed);
        }
    }

    /// Writes up to three attributes of any type by index, and one by name.
    pub(crate) fn write(&self) {
        let number = lock(&self.random).i64(..);
        let wide = i128::from(number) << self.pick(64);
        let count = if self.pick(2) == 0 { self.pick(41) } else { self.pick(1500) };
        let texts = ["ab", "é", "漢", "x"].map(|piece| piece.repeat(count));
        let values: [Value<'_>; 9] = [
            Value::Bool(number % 2 == 0),
            Value::I64(number),
            Value::U64(number as u64),
            Value::F64(number as f64),
            Value::I128(&wide),
            Value::U128(&(wide as u128)),
            Value::Array(&texts),
            Value::Empty,
            Value::Str(&texts[0]),
        ];
        let any = || match self.pick(14) {
            simple @ ..9 => values[simple],
            text => Value::Str(&texts[text % 4]),
        };
        let chosen = [any(), any(), any()];
        let At::Here(node) = now().at else {
            return current::record(&CALLSITES[0], [(0, chosen[0])]);
        };
        let few = 1 + self.pick(3);
        let mut nodes = lock(&self.nodes);
        let node = &mut nodes[node];
        let first = node.keys;
        // What is written after the end may be too late.
        if node.outcome.is_some() || usize::from(first) + 3 > KEYS.len() {
            return;
        }
        node.keys += 3;
        for (key, value) in KEYS[usize::from(first)..].iter().zip(&chosen[..few]) {
            if let Some(text) = show(*value) {
                node.attributes.insert((*key).to_owned(), text);
            }
        }
        let named = format!("named {first}");
        node.attributes.insert(named.clone(), show(Value::Str(&texts[1])).unwrap());
        drop(nodes);
        let [a, b, c] = chosen;
        match few {
            1 => current::record(&CALLSITES[0], [(first, a)]),
            2 => current::record(&CALLSITES[1], [(first, a), (first + 1, b)]),
            _ => current::record(&CALLSITES[2], [(first, a), (first + 1, b), (first + 2, c)]),
        }
        current::set(&named, &texts[1]);
    }
}

/// Ends its span in the model when it is dropped, as panicked when a panic began in its life.
pub(crate) struct Ends<'a>(pub(crate) &'a World, pub(crate) Option<usize>, pub(crate) bool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        let panicked = std::thread::panicking() && !self.2;
        self.0.end(self.1, if panicked { Outcome::Panicked } else { Outcome::Ok });
    }
}
