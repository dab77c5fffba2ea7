//! What the attributes take besides what all take, by what it is about. The keys are those of the conventions for generative
//! AI, where these have one.

use crate::parse::grammar::{Shape, Slot, double, of_one, slot, value};

/// Which model is called.
pub(crate) static MODEL: &[Slot] =
    &[value("provider", "gen_ai.provider.name"), value("model", "gen_ai.request.model")];

/// How the tokens are read.
pub(crate) static USAGE: &[Slot] = &[slot("usage", Shape::Expr)];

/// What the model is asked for.
pub(crate) static REQUEST: &[Slot] = &[
    value("operation", "gen_ai.operation.name"),
    value("max_tokens", "gen_ai.request.max_tokens"),
    double("temperature", "gen_ai.request.temperature"),
    double("top_p", "gen_ai.request.top_p"),
    double("top_k", "gen_ai.request.top_k"),
    double("frequency_penalty", "gen_ai.request.frequency_penalty"),
    double("presence_penalty", "gen_ai.request.presence_penalty"),
    value("stop_sequences", "gen_ai.request.stop_sequences"),
    value("seed", "gen_ai.request.seed"),
    value("choice_count", "gen_ai.request.choice.count"),
    value("stream", "gen_ai.request.stream"),
    value("output_type", "gen_ai.output.type"),
    value("prompt_name", "gen_ai.prompt.name"),
];

/// Which embeddings it is asked for.
pub(crate) static EMBEDDING: &[Slot] = &[
    value("dimensions", "gen_ai.embeddings.dimension.count"),
    value("encoding_formats", "gen_ai.request.encoding_formats"),
];

/// What is searched.
pub(crate) static RETRIEVAL: &[Slot] = &[
    value("data_source", "gen_ai.data_source.id"),
    value("top_k", "gen_ai.retrieval.top_k"),
    value("provider", "gen_ai.provider.name"),
];

/// How many of the documents are wanted.
pub(crate) static RERANK: &[Slot] = &[value("top_k", "throughline.rerank.top_k")];

/// `name` is the name of the tool, from which the name of the span is made.
pub(crate) static TOOL: &[Slot] = &[
    of_one(value("tool", "gen_ai.tool.name")),
    of_one(value("name", "gen_ai.tool.name")),
    value("call_id", "gen_ai.tool.call.id"),
    value("type", "gen_ai.tool.type"),
    of_one(value("description", "gen_ai.tool.description")),
];

/// `name` is the name of the agent.
pub(crate) static AGENT: &[Slot] = &[
    of_one(value("agent", "gen_ai.agent.name")),
    of_one(value("name", "gen_ai.agent.name")),
    of_one(value("id", "gen_ai.agent.id")),
    of_one(value("description", "gen_ai.agent.description")),
];

/// `name` is the name of the workflow.
pub(crate) static WORKFLOW: &[Slot] =
    &[of_one(value("workflow", "gen_ai.workflow.name")), of_one(value("name", "gen_ai.workflow.name"))];

/// What it is a part of.
pub(crate) static CONVERSATION: &[Slot] =
    &[value("conversation", "gen_ai.conversation.id"), value("conversation_id", "gen_ai.conversation.id")];

/// Where the work comes from.
pub(crate) static JOB: &[Slot] =
    &[of_one(slot("message", Shape::Expr)), value("destination", "messaging.destination.name")];

/// Who answers.
pub(crate) static SERVER: &[Slot] =
    &[value("server_address", "server.address"), value("server_port", "server.port")];
