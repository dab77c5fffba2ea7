//! Our callsites as callsites of `tracing`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use tracing_core::callsite::{self, Identifier};
use tracing_core::field::FieldSet;
use tracing_core::metadata::Kind;
use tracing_core::subscriber::Interest;
use tracing_core::{Level as TracingLevel, Metadata, dispatcher};

use crate::logs::filter::to_tracing;
use crate::span::Callsite;

/// On a local root: its trace.
pub(super) const TRACE_ID: &str = "trace_id";
/// On a local root: the request.
pub(super) const REQUEST_ID: &str = "request_id";

const NEVER: u8 = 0;
const SOMETIMES: u8 = 1;
const ALWAYS: u8 = 2;

/// A callsite of `tracing`. It is made once for each of ours and stays, as that does.
#[derive(Debug)]
pub(super) struct Mirrored {
    /// What the subscribers want of it.
    interest: AtomicU8,
    metadata: OnceLock<Metadata<'static>>,
}

/// By the address of ours, which is a static.
static KNOWN: RwLock<Option<HashMap<usize, &'static Mirrored>>> = RwLock::new(None);

/// The callsite of `tracing` for one of ours.
pub(super) fn of(callsite: &'static Callsite) -> &'static Mirrored {
    let address = std::ptr::from_ref(callsite).addr();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(mirrored) = known.as_ref().and_then(|known| known.get(&address)) {
        return mirrored;
    }
    drop(known);
    let mirrored = Mirrored::leak(callsite);
    // Subscribers are asked outside of the lock. One that is made twice at the same time is not used.
    callsite::register(mirrored);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().entry(address).or_insert(mirrored)
}

impl Mirrored {
    fn leak(callsite: &'static Callsite) -> &'static Self {
        let mirrored: &'static Self =
            Box::leak(Box::new(Self { interest: AtomicU8::new(SOMETIMES), metadata: OnceLock::new() }));
        let mut fields: Vec<&'static str> = callsite.keys.to_vec();
        for id in [TRACE_ID, REQUEST_ID] {
            if !fields.contains(&id) {
                fields.push(id);
            }
        }
        let metadata = Metadata::new(
            callsite.name,
            callsite.target,
            to_tracing(callsite.level),
            Some(callsite.file),
            Some(callsite.line),
            Some(callsite.module),
            FieldSet::new(Vec::leak(fields), Identifier(mirrored)),
            Kind::SPAN,
        );
        let _ = mirrored.metadata.set(metadata);
        mirrored
    }

    /// Its metadata, if the subscriber that is current wants its spans.
    pub(super) fn wanted(&'static self) -> Option<&'static Metadata<'static>> {
        let metadata = self.metadata.get()?;
        let is_wanted = match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            ALWAYS => true,
            _ => dispatcher::get_default(|subscriber| subscriber.enabled(metadata)),
        };
        is_wanted.then_some(metadata)
    }
}

impl callsite::Callsite for Mirrored {
    fn set_interest(&self, interest: Interest) {
        let interest = match () {
            () if interest.is_never() => NEVER,
            () if interest.is_always() => ALWAYS,
            () => SOMETIMES,
        };
        self.interest.store(interest, Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        /// Of no callsite: each has its own before anybody sees it.
        static NONE: Mirrored = Mirrored { interest: AtomicU8::new(NEVER), metadata: OnceLock::new() };
        self.metadata.get().unwrap_or_else(|| {
            NONE.metadata.get_or_init(|| {
                let fields = FieldSet::new(&[], Identifier(&NONE));
                Metadata::new("", "", TracingLevel::TRACE, None, None, None, fields, Kind::SPAN)
            })
        })
    }
}
