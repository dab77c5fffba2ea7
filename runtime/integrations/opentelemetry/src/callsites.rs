//! The static descriptions of spans that begin through OpenTelemetry's API.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use opentelemetry::trace::SpanKind;
use throughline::span::{Callsite, Kind};

/// The scopes that are told apart. They are those of a program's libraries, so that they are few; the rest have their
/// descriptions in common.
const MOST: usize = 1024;

/// Of each kind, in the order in which [`place`] has them.
const KINDS: [Kind; 5] = [Kind::Internal, Kind::Client, Kind::Server, Kind::Producer, Kind::Consumer];

/// The descriptions of a scope's spans, one of each kind, which stay for as long as the process does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callsites(&'static [Callsite; KINDS.len()]);

impl Callsites {
    /// Those of the scope with this name, which filters match as the target.
    pub(crate) fn of(scope: &str) -> Self {
        static KNOWN: LazyLock<Mutex<HashMap<&'static str, Callsites>>> = LazyLock::new(Mutex::default);
        static OTHERS: LazyLock<Callsites> = LazyLock::new(|| Callsites::new("opentelemetry"));
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(callsites) = known.get(scope) {
            return *callsites;
        }
        if known.len() == MOST {
            return *OTHERS;
        }
        let name: &'static str = scope.to_owned().leak();
        *known.entry(name).or_insert_with(|| Self::new(name))
    }

    fn new(name: &'static str) -> Self {
        let callsites = KINDS.map(|kind| Callsite::new(name, name, "", 0, &[]).with_kind(kind));
        Self(Box::leak(Box::new(callsites)))
    }

    /// The one of spans of this kind.
    pub(crate) fn kind(self, kind: &SpanKind) -> &'static Callsite {
        &self.0[place(kind)]
    }
}

fn place(kind: &SpanKind) -> usize {
    match kind {
        SpanKind::Internal => 0,
        SpanKind::Client => 1,
        SpanKind::Server => 2,
        SpanKind::Producer => 3,
        SpanKind::Consumer => 4,
    }
}
