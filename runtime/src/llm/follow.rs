//! Following one stream of a model call to its end.

use crate::Context;
use crate::context::current;
use crate::context::key::Key;
use crate::llm::calls::{self, SharedState};
use crate::llm::identity;
use crate::llm::moment::Moment;
use crate::llm::observed::BROKEN;
use crate::llm::response::Look;
use crate::llm::state::{BadEnd, State};
use crate::llm::write;
use crate::semconv;
use crate::span::{Callsite, Kind, Parent, Span, Value};

/// The span of a stream that goes on after the function that returned it.
pub(super) static STREAM: Callsite =
    Callsite::new("llm stream", module_path!(), file!(), line!(), &[]).with_kind(Kind::Client);

/// Follows one stream; dropped before the stream's end, the stream was.
#[derive(Debug)]
pub(crate) struct Follow {
    call: SharedState,
    /// What is known of the stream, where another one of the same call was under way when it began: their chunks mix.
    apart: Option<Box<State>>,
    /// The attempt that the stream began in, where it is the only one of its call.
    attempt: Option<Key>,
    /// The context of the call, which the stream may outlive.
    context: Context,
    /// The stream's own span, once the call's has ended.
    own: Option<Span>,
    is_broken: bool,
    has_ended: bool,
    /// Of the stream that the function returns: how many chunks that had read itself when the stream began.
    read_before: Option<u64>,
}

impl Follow {
    /// Follows a stream that the function of the current span observes; `None` where nothing is recorded.
    pub(crate) fn observed() -> Option<Self> {
        let (key, call) = current_call()?;
        let mut state = calls::lock(&call);
        let apart = (state.streams > 0).then(|| Box::new(state.of_another_stream()));
        state.streams += u32::from(apart.is_none());
        let attempt = (apart.is_none() && state.key.span != key.span).then_some(key);
        drop(state);
        Some(Self::new(call, apart, attempt, None))
    }

    /// Follows the stream that the function of the current span returns. It is read as far as the function does not read it
    /// itself.
    pub(crate) fn returned() -> Option<Self> {
        let (_, call) = current_call()?;
        let read_before = Some(calls::lock(&call).read_inside);
        Some(Self::new(call, None, None, read_before))
    }

    fn new(
        call: SharedState,
        apart: Option<Box<State>>,
        attempt: Option<Key>,
        read_before: Option<u64>,
    ) -> Self {
        let context = Context::current();
        Self { call, apart, attempt, context, own: None, is_broken: false, has_ended: false, read_before }
    }

    /// Takes what was read of an item.
    pub(crate) fn item(&mut self, look: Look) {
        let is_in_attempt = look.is_err() && self.is_in_attempt();
        let mut call = calls::lock(&self.call);
        let mut was_read = false;
        match &mut self.read_before {
            None => call.count_read_inside(),
            Some(before) if *before == call.read_inside => {}
            Some(before) => match &look {
                // Another response than what the function read before.
                Ok(seen) if call.streams == 0 && call.seen.is_other_id(&seen.0) => *before = call.read_inside,
                // What it read itself, or made of it.
                Ok(_) => return,
                Err(_) => was_read = true,
            },
        }
        let is_closed = call.is_closed;
        let state = self.apart.as_deref_mut().unwrap_or(&mut call);
        if is_closed {
            own_span(&mut self.own, &self.context, state);
        }
        match look {
            Ok(seen) => {
                let now = Moment::now(&state.key);
                state.chunk(&seen.0, now);
            }
            Err(broken) => {
                self.is_broken = true;
                if !was_read {
                    state.seen.add_finish_reason(BROKEN);
                }
                self.attempt.iter().filter(|_| is_in_attempt).for_each(write::broken_on);
                let (error_type, message) = (broken.error_type.into(), broken.message);
                state.ends_badly(BadEnd::Broke { error_type, message }, is_in_attempt);
            }
        }
    }

    /// Whether the attempt that it began in is under way.
    fn is_in_attempt(&self) -> bool {
        self.attempt.as_ref().is_some_and(calls::is_entered)
    }

    /// The stream has ended by itself.
    pub(crate) fn end(mut self) {
        self.has_ended = true;
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        let is_in_attempt = self.is_in_attempt();
        let mut call = calls::lock(&self.call);
        let is_closed = call.is_closed;
        let state = self.apart.as_deref_mut().unwrap_or(&mut call);
        if is_closed && state.chunks > 0 {
            own_span(&mut self.own, &self.context, state);
        }
        let is_cut_off = !self.has_ended && !self.is_broken && state.seen.finish_reasons.is_empty();
        if is_cut_off && !std::thread::panicking() {
            state.ends_badly(BadEnd::CutOff, is_in_attempt);
        }
        match &mut self.apart {
            Some(state) if self.own.is_some() => state.write(),
            Some(state) => call.add_stream(state),
            None if self.read_before.is_none() => call.stream_ends(self.own.is_some()),
            None => {}
        }
    }
}

/// The call that the current span is, and the span, where it is recorded.
fn current_call() -> Option<(Key, SharedState)> {
    let key = current::get();
    key.is_recording().then(|| (key, calls::of_span(&key)))
}

/// Opens the span of a stream whose call has ended, and says on it what call that was.
fn own_span(own: &mut Option<Span>, context: &Context, state: &mut State) {
    if own.is_some() {
        return;
    }
    let span = Span::with_parent(&STREAM, Parent::Of(context));
    identity::write_on(&span.context().key(), &STREAM);
    let text = |text: &'static str, value: &'_ str| (!value.is_empty()).then(|| span.set(text, value));
    span.set(semconv::GEN_AI_OPERATION_NAME, Value::Str("chat"));
    text(semconv::GEN_AI_PROVIDER_NAME, &state.provider);
    text(semconv::GEN_AI_REQUEST_MODEL, &state.request_model);
    state.continue_on(span.context().key());
    *own = Some(span);
}
