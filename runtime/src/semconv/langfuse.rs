//! Keys that [Langfuse](https://langfuse.com/integrations/native/opentelemetry) reads.

/// `generation`, `embedding`, `retriever`, `tool`, `agent`, `chain`.
pub const OBSERVATION_TYPE: &str = "langfuse.observation.type";
/// When the first chunk of the answer came, as RFC 3339 writes it.
pub const OBSERVATION_COMPLETION_START_TIME: &str = "langfuse.observation.completion_start_time";
/// Tokens by kind, as JSON, each of them in one kind only.
pub const OBSERVATION_USAGE_DETAILS: &str = "langfuse.observation.usage_details";
/// US dollars by kind, as JSON.
pub const OBSERVATION_COST_DETAILS: &str = "langfuse.observation.cost_details";
/// What went in, where no key of the conventions says it.
pub const OBSERVATION_INPUT: &str = "langfuse.observation.input";
/// What came out, where no key of the conventions says it.
pub const OBSERVATION_OUTPUT: &str = "langfuse.observation.output";
/// The conversation, or whatever else a user's requests belong to.
pub const SESSION_ID: &str = "langfuse.session.id";
/// The user.
pub const USER_ID: &str = "langfuse.user.id";
