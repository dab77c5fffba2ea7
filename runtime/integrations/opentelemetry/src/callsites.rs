//! The static descriptions of spans that begin through OpenTelemetry's API.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use opentelemetry::trace::SpanKind;
use throughline::span::{Callsite, Kind};

/// The scopes that are told apart. They are those of a program's libraries, so that they are few; the rest have one
/// description in common.
const MOST: usize = 1024;

/// The description of spans of this scope and kind, which stays for as long as the process does. Filters match the scope's
/// name as the target.
pub(crate) fn of(scope: &str, kind: &SpanKind) -> &'static Callsite {
    static KNOWN: LazyLock<Mutex<HashMap<(String, Kind), &'static Callsite>>> = LazyLock::new(Mutex::default);
    let kind = kind_of(kind);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(callsite) = known.get(&(scope.to_owned(), kind)) {
        return callsite;
    }
    let scope = if known.len() < MOST { scope } else { "opentelemetry" };
    known.entry((scope.to_owned(), kind)).or_insert_with(|| {
        let name: &'static str = scope.to_owned().leak();
        Box::leak(Box::new(Callsite::new(name, name, "", 0, &[]).with_kind(kind)))
    })
}

fn kind_of(kind: &SpanKind) -> Kind {
    match kind {
        SpanKind::Client => Kind::Client,
        SpanKind::Server => Kind::Server,
        SpanKind::Producer => Kind::Producer,
        SpanKind::Consumer => Kind::Consumer,
        SpanKind::Internal => Kind::Internal,
    }
}
