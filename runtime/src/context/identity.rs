//! Whom work is for, and who does it.
#![cfg_attr(
    not(feature = "llm"),
    allow(dead_code, unreachable_pub, reason = "spans of language models have it as attributes")
)]

use std::fmt::Display;
use std::sync::Arc;

/// IDs and names are cut to this many bytes.
const LONGEST: usize = 256;

/// Whom work is for, and who does it: conversation, user, session, agent. Nothing of it is ever made up, and what is not
/// said is not there.
///
/// [`bind`](Self::bind) says it of the current request, [`context`](Self::context) of a part of its work. All that a
/// [`Context`](crate::Context) goes to has it: calls, tasks, threads, streams. It stays in this process: neither
/// [`inject`](crate::inject) nor a job's envelope carries it, since who talks about what is not everybody's business. What
/// other services are to know goes into the [`baggage`](crate::baggage).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it says nothing before `bind` or `context`"]
pub struct Identity {
    pub(crate) conversation: Option<Arc<str>>,
    pub(crate) user: Option<Arc<str>>,
    pub(crate) session: Option<Arc<str>>,
    pub(crate) agent_name: Option<Arc<str>>,
    pub(crate) agent_id: Option<Arc<str>>,
}

impl Identity {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// The conversation or thread that the work is a part of.
    pub fn conversation(self, id: impl Display) -> Self {
        Self { conversation: text(id), ..self }
    }

    /// The user that the work is for.
    pub fn user(self, id: impl Display) -> Self {
        Self { user: text(id), ..self }
    }

    /// The user's session, in which there may be many conversations.
    pub fn session(self, id: impl Display) -> Self {
        Self { session: text(id), ..self }
    }

    /// The agent that does the work. In a function under `#[agent_span]` it is that one already.
    pub fn agent(self, name: impl Display) -> Self {
        Self { agent_name: text(name), ..self }
    }

    /// The ID of the agent.
    pub fn agent_id(self, id: impl Display) -> Self {
        Self { agent_id: text(id), ..self }
    }

    /// What this says, and where it says nothing, what `around` does. Name and ID of an agent belong together.
    pub(crate) fn within(&self, around: &Self) -> Self {
        let inner =
            |own: &Option<Arc<str>>, outer: &Option<Arc<str>>| own.as_ref().or(outer.as_ref()).cloned();
        let agent = if self.has_agent() { self } else { around };
        Self {
            conversation: inner(&self.conversation, &around.conversation),
            user: inner(&self.user, &around.user),
            session: inner(&self.session, &around.session),
            agent_name: agent.agent_name.clone(),
            agent_id: agent.agent_id.clone(),
        }
    }

    fn has_agent(&self) -> bool {
        self.agent_name.is_some() || self.agent_id.is_some()
    }
}

/// Text, cut; an empty one says nothing.
pub(crate) fn text(value: impl Display) -> Option<Arc<str>> {
    let mut text = value.to_string();
    text.truncate(text.floor_char_boundary(LONGEST));
    (!text.is_empty()).then(|| text.into())
}
