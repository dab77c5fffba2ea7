//! Spans that begin without a parent in a process that serves requests: mostly, work that lost its context on the way.
//!
//! Only the rare beginnings of spans ask. While this is switched on, no root takes the quick way, see `collect::ids::head`,
//! so that the quick way costs nothing for it.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::context::key::Key;
use crate::report;
use crate::span::open::Open;
use crate::span::registry;

const OFF: u8 = 0;
/// Switched on, and no request was served yet: what begins is the program's own.
const IDLE: u8 = 1;
const SERVING: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(OFF);

/// Switches it on.
pub(crate) fn watch() {
    STATE.store(IDLE, Ordering::Relaxed);
}

/// Whether it is switched on.
pub(crate) fn is_watched() -> bool {
    STATE.load(Ordering::Relaxed) != OFF
}

/// Work comes into the process, which is not its own.
pub(crate) fn request_begins() {
    if STATE.load(Ordering::Relaxed) == IDLE {
        STATE.store(SERVING, Ordering::Relaxed);
    }
}

/// A span has begun under `parent` because that was current, not because it was said. What belongs to a request without
/// a trace is no orphan.
#[inline]
pub(crate) fn span_began(open: &Open, parent: &Key) {
    if STATE.load(Ordering::Relaxed) == SERVING && parent.is_empty() {
        report(open.callsite);
    }
}

/// Says it once for each callsite.
#[cold]
#[inline(never)]
fn report(callsite: u32) {
    let Some(site) = registry::get(callsite) else { return };
    let (file, line, name) = (site.file, site.line, site.name);
    let message = format!(
        "{file}:{line}: the span `{name}` began without a parent, in a process that serves requests: carry the context \
         there (`throughline::spawn`, `Context::carry`), or annotate it with `root`"
    );
    report::once(&format!("orphan {callsite}"), &message);
}
