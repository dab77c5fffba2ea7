//! Callsites of `tracing` as ours.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tracing_core::callsite::Identifier;
use tracing_core::{Level as TracingLevel, Metadata};

use crate::span::{Callsite, Kind, Level};

/// More callsites than a program has in its code: one that makes them as it goes gets no more spans of new ones.
const MOST: usize = 65_536;

type Known = HashMap<(Identifier, Kind), &'static Callsite>;

static KNOWN: RwLock<Option<Known>> = RwLock::new(None);

/// Our callsite for spans of that kind of a callsite of `tracing`. It is made once and stays, as what it stands for does.
pub(super) fn of(metadata: &'static Metadata<'static>, kind: Kind) -> Option<&'static Callsite> {
    let id = (metadata.callsite(), kind);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(callsite) = known.as_ref().and_then(|known| known.get(&id)) {
        return Some(callsite);
    }
    drop(known);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if known.len() >= MOST {
        return known.get(&id).copied();
    }
    Some(*known.entry(id).or_insert_with(|| Box::leak(Box::new(new(metadata, kind)))))
}

fn new(metadata: &'static Metadata<'static>, kind: Kind) -> Callsite {
    let module = metadata.module_path().unwrap_or(metadata.target());
    let (file, line) = (metadata.file().unwrap_or_default(), metadata.line().unwrap_or_default());
    Callsite::new(metadata.name(), module, file, line, &[])
        .with_target(metadata.target())
        .with_kind(kind)
        .with_level(level(*metadata.level()))
        .of_tracing()
}

pub(in crate::logs) fn level(level: TracingLevel) -> Level {
    match level {
        TracingLevel::ERROR => Level::Error,
        TracingLevel::WARN => Level::Warn,
        TracingLevel::INFO => Level::Info,
        TracingLevel::DEBUG => Level::Debug,
        _ => Level::Trace,
    }
}
