//! The attributes: a table.

use crate::model::captured::{self, Part};
use crate::parse::{Slot, groups};

/// One of our attributes; most are by the conventions for generative AI.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of the attribute.
    pub(crate) attribute: &'static str,
    /// Its variant in the runtime, unless it is the default there.
    pub(crate) variant: Option<&'static str>,
    /// The name of what is done, unless the attribute says otherwise; the spans' names begin with it.
    pub(crate) name: Option<&'static str>,
    /// A variant of `Kind`, unless it is the default.
    pub(crate) kind: Option<&'static str>,
    /// What follows in the spans' names.
    pub(crate) subject: Subject,
    /// What is read of the returned value.
    pub(crate) reads: Reads,
    /// What `capture(..)` may name.
    pub(crate) parts: &'static [Part],
    /// What it takes besides the arguments that all take.
    pub(crate) arguments: &'static [&'static [Slot]],
}

/// What is done something to.
#[derive(Debug)]
pub(crate) enum Subject {
    None,
    /// The value of the attribute with this key, where it is given.
    Given(&'static str),
    /// The same, or the name of the function.
    GivenOrFunction(&'static str),
}

/// What is read of a returned value, besides whether it is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    Nothing,
    /// The response of a model: the function is a call of one.
    Response,
    /// How many there are, for the attribute with this key.
    Count(&'static str),
}

/// The key of an operation's name.
pub(crate) const OPERATION_NAME: &str = "gen_ai.operation.name";
/// The key of the provider's name.
pub(crate) const PROVIDER: &str = "gen_ai.provider.name";
/// The key of the model that was asked for.
pub(crate) const REQUEST_MODEL: &str = "gen_ai.request.model";

/// The key of an agent's name.
pub(crate) const AGENT_NAME: &str = "gen_ai.agent.name";
/// The key of an agent's ID.
pub(crate) const AGENT_ID: &str = "gen_ai.agent.id";
/// The key of the queue that a message comes from.
pub(crate) const DESTINATION: &str = "messaging.destination.name";
/// The key of the conversation's ID.
pub(crate) const CONVERSATION: &str = "gen_ai.conversation.id";

pub(crate) static TRACED: Operation = Operation {
    attribute: "traced",
    variant: None,
    name: None,
    kind: None,
    subject: Subject::None,
    reads: Reads::Nothing,
    parts: &[],
    arguments: &[],
};

pub(crate) static LLM: Operation = Operation {
    attribute: "llm_span",
    variant: Some("Llm"),
    name: Some("chat"),
    kind: Some("Client"),
    subject: Subject::Given(REQUEST_MODEL),
    reads: Reads::Response,
    parts: captured::CHAT,
    arguments: &[groups::MODEL, groups::USAGE, groups::REQUEST, groups::CONVERSATION, groups::SERVER],
};

pub(crate) static EMBEDDING: Operation = Operation {
    attribute: "embedding_span",
    variant: Some("Embedding"),
    name: Some("embeddings"),
    kind: Some("Client"),
    subject: Subject::Given(REQUEST_MODEL),
    reads: Reads::Response,
    parts: &[],
    arguments: &[groups::MODEL, groups::USAGE, groups::EMBEDDING, groups::CONVERSATION, groups::SERVER],
};

pub(crate) static RETRIEVAL: Operation = Operation {
    attribute: "retrieval_span",
    variant: Some("Retrieval"),
    name: Some("retrieval"),
    kind: Some("Client"),
    subject: Subject::Given("gen_ai.data_source.id"),
    reads: Reads::Count("throughline.retrieval.returned"),
    parts: captured::SEARCH,
    arguments: &[groups::RETRIEVAL, groups::SERVER],
};

pub(crate) static RERANK: Operation = Operation {
    attribute: "rerank_span",
    variant: Some("Rerank"),
    name: Some("rerank"),
    kind: Some("Client"),
    subject: Subject::Given(REQUEST_MODEL),
    reads: Reads::Count("throughline.rerank.returned"),
    parts: captured::SEARCH,
    arguments: &[groups::MODEL, groups::RERANK, groups::SERVER],
};

pub(crate) static TOOL: Operation = Operation {
    attribute: "tool_span",
    variant: Some("Tool"),
    name: Some("execute_tool"),
    kind: None,
    subject: Subject::GivenOrFunction("gen_ai.tool.name"),
    reads: Reads::Nothing,
    parts: captured::USE,
    arguments: &[groups::TOOL, groups::CONVERSATION],
};

pub(crate) static AGENT: Operation = Operation {
    attribute: "agent_span",
    variant: Some("Agent"),
    name: Some("invoke_agent"),
    kind: None,
    subject: Subject::GivenOrFunction("gen_ai.agent.name"),
    reads: Reads::Nothing,
    parts: captured::RUN,
    arguments: &[groups::AGENT, groups::MODEL, groups::CONVERSATION, groups::SERVER],
};

pub(crate) static WORKFLOW: Operation = Operation {
    attribute: "workflow_span",
    variant: Some("Workflow"),
    name: Some("invoke_workflow"),
    kind: None,
    subject: Subject::GivenOrFunction("gen_ai.workflow.name"),
    reads: Reads::Nothing,
    parts: captured::RUN,
    arguments: &[groups::WORKFLOW, groups::CONVERSATION],
};

pub(crate) static JOB: Operation = Operation {
    attribute: "job",
    variant: None,
    name: None,
    kind: Some("Consumer"),
    subject: Subject::None,
    reads: Reads::Nothing,
    parts: &[],
    arguments: &[groups::JOB],
};

/// The arguments whose meaning a message has.
pub(crate) const SAID_BY_MESSAGE: [&str; 3] = ["parent", "root", "request_id"];

impl Operation {
    pub(crate) const ALL: [&Self; 9] =
        [&TRACED, &LLM, &EMBEDDING, &RETRIEVAL, &RERANK, &TOOL, &AGENT, &WORKFLOW, &JOB];

    /// The attribute of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|operation| operation.attribute == name)
    }

    /// Whether it makes sense to give it the argument with this name.
    pub(crate) fn leaves_to_say(&self, argument: &str) -> bool {
        !self.takes_message() || !SAID_BY_MESSAGE.contains(&argument)
    }

    /// Whether a parameter is a message, which says where the span belongs.
    pub(crate) fn takes_message(&self) -> bool {
        self.attribute == JOB.attribute
    }

    /// Whether a function under it is a workflow.
    pub(crate) fn is_workflow(&self) -> bool {
        self.variant == WORKFLOW.variant
    }

    /// Whether a function under it is a call of a model.
    pub(crate) fn is_model_call(&self) -> bool {
        self.reads == Reads::Response
    }
}

impl Subject {
    /// The key of the attribute that names it.
    pub(crate) fn key(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Given(key) | Self::GivenOrFunction(key) => Some(key),
        }
    }
}
