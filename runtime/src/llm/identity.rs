//! Whom spans of language models are for, and which agent's they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrayvec::ArrayVec;

use crate::Context;
use crate::context::identity::{self, Identity};
use crate::context::key::Key;
use crate::context::{current, part, slots};
use crate::llm::roots;
use crate::semconv;
use crate::span::{Callsite, Value, current as current_span};

static IN_USE: AtomicBool = AtomicBool::new(false);

/// Attributes that say of an agent which it is.
const OF_AGENT: [&str; 2] = [semconv::GEN_AI_AGENT_NAME, semconv::GEN_AI_AGENT_ID];

impl Identity {
    /// Says it of the current request, from now on: spans of language models that begin later have it as
    /// `gen_ai.conversation.id`, `user.id`, `session.id`, and so has the local root, whenever it began. What was said
    /// earlier stays where this says nothing.
    ///
    /// Returns whether a request or trace is current; without one nothing is bound.
    ///
    /// ```
    /// use throughline::llm::Identity;
    ///
    /// # let (user, thread) = ("u-7", "c-1");
    /// // In the handler of a request:
    /// Identity::new().user(user).conversation(thread).bind();
    /// ```
    pub fn bind(self) -> bool {
        self.is_said();
        let said = current::with_request(|request| {
            let around = request.identity.take().unwrap_or_default();
            Arc::clone(request.identity.insert(Arc::new(self.within(&around))))
        });
        if let Some(said) = &said {
            roots::tell(&current::get(), said);
        }
        said.is_some()
    }

    /// The current context with this said of it: for a part of the work for a request, or where there is none yet. What
    /// is said around it stays where this says nothing.
    ///
    /// ```
    /// use throughline::{FutureExt, llm::Identity};
    ///
    /// # async fn answer(question: &str) {}
    /// # async fn run() {
    /// // A job that works for several users at once:
    /// let ada = answer("why?").in_context(Identity::new().user("ada").context());
    /// let bob = answer("how?").in_context(Identity::new().user("bob").context());
    /// # ada.await; bob.await;
    /// # }
    /// ```
    pub fn context(self) -> Context {
        self.is_said();
        Context::of_part(&self)
    }

    /// To be called before anything can be asked for.
    pub(crate) fn is_said(&self) {
        IN_USE.store(true, Ordering::Relaxed);
        roots::watch();
    }

    fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            (semconv::GEN_AI_CONVERSATION_ID, &self.conversation),
            (semconv::USER_ID, &self.user),
            (semconv::SESSION_ID, &self.session),
            (semconv::GEN_AI_AGENT_NAME, &self.agent_name),
            (semconv::GEN_AI_AGENT_ID, &self.agent_id),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)))
    }
}

/// Begins the part of the current work that is an agent's, or is for a conversation; see [`part`].
pub(crate) fn begin_part(agent_name: Value<'_>, agent_id: Value<'_>, conversation: Value<'_>) {
    let identity = Identity {
        conversation: text(conversation),
        agent_name: text(agent_name),
        agent_id: text(agent_id),
        ..Identity::default()
    };
    if identity != Identity::default() {
        identity.is_said();
        part::begin(&identity);
    }
}

fn text(value: Value<'_>) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => identity::text(text),
        Value::I64(number) => identity::text(number),
        Value::U64(number) => identity::text(number),
        Value::I128(number) => identity::text(number),
        Value::U128(number) => identity::text(number),
        _ => None,
    }
}

/// Writes on `span`, which begins, what is said of the work it is a part of, but for what `callsite` says itself: to be
/// called before the values are written that are computed. A span that names its agent is not given another's ID.
#[inline]
pub(crate) fn write_on(span: &Key, callsite: &Callsite) {
    if span.meta.has_slot() && is_in_use() {
        write_said(span, callsite);
    }
}

/// Whether anything was ever said: otherwise nothing has to be looked up.
pub(super) fn is_in_use() -> bool {
    IN_USE.load(Ordering::Relaxed)
}

#[cold]
fn write_said(span: &Key, callsite: &Callsite) {
    let Some(identity) = slots::identity(span.meta) else { return };
    let names_agent = OF_AGENT.iter().any(|key| declares(callsite, key));
    write(span, &identity, |key| is_constant(callsite, key) || names_agent && OF_AGENT.contains(&key));
}

/// Writes on a local root, which ends, what was said of its request, but for what its callsite says itself.
pub(super) fn write_on_root(root: &Key, callsite: &Callsite, identity: &Identity) {
    write(root, identity, |key| declares(callsite, key) || OF_AGENT.contains(&key));
}

fn write(span: &Key, identity: &Identity, is_left_out: impl Fn(&'static str) -> bool) {
    let attributes = identity.attributes().filter(|(key, _)| !is_left_out(key));
    let attributes: ArrayVec<_, 5> = attributes.map(|(key, value)| (key, Value::Str(value))).collect();
    if !attributes.is_empty() {
        current_span::set_all_on(span, &attributes);
    }
}

fn declares(callsite: &Callsite, key: &str) -> bool {
    callsite.keys.contains(&key) || is_constant(callsite, key)
}

fn is_constant(callsite: &Callsite, key: &str) -> bool {
    callsite.constants.iter().any(|(constant, _)| *constant == key)
}
