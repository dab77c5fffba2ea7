//! A span as a value.

use std::time::SystemTime;

use crate::Attached;
use crate::collect::log;
use crate::collect::record::{KeyRef, marks};
use crate::context::key::Key;
use crate::context::owned::OwnedKey;
use crate::context::{Context, current};
use crate::span::current::{event_on, fail_on, link_on, set_all_on, set_on, set_outcome_on};
use crate::span::open::{self, Open, Parent};
#[cfg(feature = "logs")]
use crate::span::registry;
use crate::span::scope::Scope;
use crate::span::{Callsite, Outcome, ToValue, Value, orphans};

/// A span that has begun and is not entered: a value that can be sent and shared. It ends when it is dropped.
///
/// ```
/// let span = throughline::span!("import", file.lines = 3);
/// span.in_scope(|| {
///     // what is called here is a child of the span
/// });
/// span.set("file.bytes", 120);
/// ```
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct Span {
    open: Open,
    /// Owns the slot of the span's request.
    key: OwnedKey,
    panicking: bool,
}

/// A span that is entered on this thread until it is dropped; see [`Span::entered`].
#[derive(Debug)]
#[must_use = "the span ends when this guard is dropped"]
pub struct EnteredSpan {
    // Left before the span ends.
    _attached: Attached,
    span: Span,
}

impl Span {
    /// Starts a span under the current one.
    pub fn new(callsite: &'static Callsite) -> Self {
        let parent = current::get();
        let span = Self::start(callsite, parent);
        if span.open.callsite != 0 {
            orphans::span_began(&span.open, &parent);
        }
        span
    }

    /// Starts a span under `parent`.
    pub fn with_parent(callsite: &'static Callsite, parent: Parent<'_>) -> Self {
        Self::start(callsite, open::parent_key(parent))
    }

    fn start(callsite: &'static Callsite, parent: Key) -> Self {
        let open = open::start(callsite, &parent).unwrap_or(Open { key: parent, ..Open::NONE });
        Self { open, key: OwnedKey::retain(open.key), panicking: std::thread::panicking() }
    }

    /// The context of work inside of this span: its trace, its ID, the request of its parent.
    pub fn context(&self) -> Context {
        Context::from_owned(self.key.clone())
    }

    /// Whether the span is recorded: whether it is worth computing values for it.
    pub fn is_recording(&self) -> bool {
        self.open.recorded
    }

    /// Sets an attribute. A key that is set again counts with its last value.
    pub fn set(&self, key: &str, value: impl ToValue) {
        self.recording(|span| set_on(span, key, value.to_value()));
    }

    /// Sets several attributes at once.
    pub fn set_all(&self, attributes: &[(&str, Value<'_>)]) {
        self.recording(|span| set_all_on(span, attributes));
    }

    /// Gives the span another name.
    pub fn rename(&self, name: &str) {
        self.recording(|span| log::attributes(span, 0, &[(KeyRef::Name, Value::Str(name))]));
    }

    /// Adds an event.
    pub fn event(&self, name: &str, attributes: &[(&str, Value<'_>)]) {
        self.recording(|span| event_on(span, name, attributes));
    }

    /// Links the span to the span of `context`.
    pub fn link(&self, context: &Context) {
        self.recording(|span| link_on(span, &context.key()));
    }

    /// Marks the span as failed: `error_type` names the kind of error (a type, a status code), `message` says more.
    pub fn fail(&self, error_type: &str, message: &str) {
        self.recording(|span| fail_on(span, error_type, message));
    }

    /// Says how the span ended, when what it stands for ended otherwise than by returning.
    pub fn set_outcome(&self, outcome: Outcome) {
        self.recording(|span| set_outcome_on(span, outcome));
    }

    /// Says when it was, where the span stands for what somebody else timed; `None` leaves what the clock says. A time before
    /// 1970 is left out. Events keep the time at which they are added.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    /// let trace = throughline::testing::capture(|| {
    ///     let span = throughline::span!("batch");
    ///     span.set_times(Some(start), Some(start + Duration::from_millis(25)));
    /// });
    /// assert_eq!(trace.span("batch").start(), 1_000_000_000_000_000);
    /// assert_eq!(trace.span("batch").duration(), 25_000_000);
    /// ```
    pub fn set_times(&self, start: Option<SystemTime>, end: Option<SystemTime>) {
        self.recording(|span| log::times(span, unix_nanos(start), unix_nanos(end)));
    }

    /// Calls `f` inside of the span.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _attached = self.context().attach();
        f()
    }

    /// Enters the span on this thread; it ends when the guard is dropped. Not to be held across `.await`: futures are
    /// given a span by [`in_span`](crate::FutureExt::in_span).
    pub fn entered(self) -> EnteredSpan {
        EnteredSpan { _attached: self.context().attach(), span: self }
    }

    /// Ends the span now.
    pub fn end(self) {}

    /// The key of work inside of this span, which it owns.
    pub(crate) fn key(&self) -> Key {
        self.key.key()
    }

    /// Makes `context` that of work inside of this span, of which nothing is recorded.
    pub(crate) fn carry_instead(&mut self, context: Context) {
        self.key = context.into_owned();
    }

    /// Makes it a span of another callsite, as of one of another kind, if that is switched on.
    #[cfg(feature = "logs")]
    pub(crate) fn become_one_of(&mut self, callsite: &'static Callsite) {
        if let Some(number) = registry::number(callsite).filter(|_| self.open.recorded) {
            self.open.callsite = number;
        }
    }

    fn recording(&self, write: impl FnOnce(&Key)) {
        if self.open.recorded {
            write(&self.open.key);
        }
    }

    /// Gives the span to a wrapper, which ends it.
    pub(crate) fn into_scope(mut self) -> Scope {
        let scope = Scope::of_span(&self.open, std::mem::take(&mut self.key));
        self.open = Open::NONE;
        scope
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if self.open.recorded {
            let panicked = std::thread::panicking() && !self.panicking;
            // Others may have written to it from anywhere.
            self.open.end(marks::SHARED | if panicked { marks::PANICKED } else { 0 });
        }
    }
}

impl EnteredSpan {
    /// Leaves the span without ending it.
    ///
    /// ```
    /// let span = throughline::span!("import").entered().exit();
    /// span.set("file.lines", 3);
    /// ```
    pub fn exit(self) -> Span {
        self.span
    }
}

impl std::ops::Deref for EnteredSpan {
    type Target = Span;

    fn deref(&self) -> &Span {
        &self.span
    }
}

/// Nanoseconds since 1970; 0 for a time that is not given or cannot be told so.
fn unix_nanos(time: Option<SystemTime>) -> u64 {
    let since = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.and_then(|since| since.as_nanos().try_into().ok()).unwrap_or(0)
}
