//! Keys of [OpenInference](https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md), which Phoenix
//! reads. Lists are written flat: `llm.input_messages.0.message.role`.

/// `LLM`, `EMBEDDING`, `RETRIEVER`, `RERANKER`, `TOOL`, `AGENT`, `CHAIN`.
pub const SPAN_KIND: &str = "openinference.span.kind";

/// What went in, as text or JSON.
pub const INPUT_VALUE: &str = "input.value";
/// Which of the two it is.
pub const INPUT_MIME_TYPE: &str = "input.mime_type";
/// What came out, as text or JSON.
pub const OUTPUT_VALUE: &str = "output.value";
/// Which of the two it is.
pub const OUTPUT_MIME_TYPE: &str = "output.mime_type";

/// The conversation, or whatever else a user's requests belong to.
pub const SESSION_ID: &str = "session.id";
/// The user.
pub const USER_ID: &str = "user.id";
/// The agent.
pub const AGENT_NAME: &str = "agent.name";

/// Whose model it is.
pub const LLM_SYSTEM: &str = "llm.system";
/// Who hosts it.
pub const LLM_PROVIDER: &str = "llm.provider";
/// The model that answered, else the one that was asked for.
pub const LLM_MODEL_NAME: &str = "llm.model_name";
/// The parameters of the request, as JSON.
pub const LLM_INVOCATION_PARAMETERS: &str = "llm.invocation_parameters";
/// Why the model stopped.
pub const LLM_FINISH_REASON: &str = "llm.finish_reason";
/// Tokens of the input, those of the cache included.
pub const LLM_TOKEN_COUNT_PROMPT: &str = "llm.token_count.prompt";
/// Tokens of the output, reasoning included.
pub const LLM_TOKEN_COUNT_COMPLETION: &str = "llm.token_count.completion";
/// Both.
pub const LLM_TOKEN_COUNT_TOTAL: &str = "llm.token_count.total";
/// The part of the input that was read from the cache.
pub const LLM_TOKEN_COUNT_CACHE_READ: &str = "llm.token_count.prompt_details.cache_read";
/// The part of the input that was written to the cache.
pub const LLM_TOKEN_COUNT_CACHE_WRITE: &str = "llm.token_count.prompt_details.cache_write";
/// The part of the output that the model spent on reasoning.
pub const LLM_TOKEN_COUNT_REASONING: &str = "llm.token_count.completion_details.reasoning";
/// What the call cost in US dollars.
pub const LLM_COST_TOTAL: &str = "llm.cost.total";
/// The list of messages that went in.
pub const LLM_INPUT_MESSAGES: &str = "llm.input_messages";
/// The list of messages that came out.
pub const LLM_OUTPUT_MESSAGES: &str = "llm.output_messages";
/// The list of tools that the model may ask for.
pub const LLM_TOOLS: &str = "llm.tools";

/// Of a tool in a list: what it is, as JSON.
pub const TOOL_JSON_SCHEMA: &str = "tool.json_schema";
/// The tool that is run.
pub const TOOL_NAME: &str = "tool.name";
/// What it is for.
pub const TOOL_DESCRIPTION: &str = "tool.description";
/// The ID of the call.
pub const TOOL_ID: &str = "tool.id";
/// Its arguments, as JSON.
pub const TOOL_PARAMETERS: &str = "tool.parameters";

/// Of a message: whose it is.
pub const MESSAGE_ROLE: &str = "message.role";
/// Of a message that is nothing but text: the text.
pub const MESSAGE_CONTENT: &str = "message.content";
/// Of any other message: the list of its parts.
pub const MESSAGE_CONTENTS: &str = "message.contents";
/// Of the answer of a tool: the ID of the call.
pub const MESSAGE_TOOL_CALL_ID: &str = "message.tool_call_id";
/// Of a message: the list of calls of tools that it asks for.
pub const MESSAGE_TOOL_CALLS: &str = "message.tool_calls";
/// Of a part of a message: `text`, `reasoning`, `image`.
pub const MESSAGE_CONTENT_TYPE: &str = "message_content.type";
/// Of a part of a message: its text.
pub const MESSAGE_CONTENT_TEXT: &str = "message_content.text";
/// Of a part of a message: where its image is.
pub const MESSAGE_CONTENT_IMAGE_URL: &str = "message_content.image.image.url";
/// Of a call of a tool: its ID.
pub const TOOL_CALL_ID: &str = "tool_call.id";
/// Of a call of a tool: which.
pub const TOOL_CALL_NAME: &str = "tool_call.function.name";
/// Of a call of a tool: the arguments, as JSON.
pub const TOOL_CALL_ARGUMENTS: &str = "tool_call.function.arguments";

/// The model that embeds.
pub const EMBEDDING_MODEL_NAME: &str = "embedding.model_name";
/// The parameters of the request, as JSON.
pub const EMBEDDING_INVOCATION_PARAMETERS: &str = "embedding.invocation_parameters";

/// The list of documents that were found.
pub const RETRIEVAL_DOCUMENTS: &str = "retrieval.documents";
/// The model that ranks.
pub const RERANKER_MODEL_NAME: &str = "reranker.model_name";
/// What the documents are compared with.
pub const RERANKER_QUERY: &str = "reranker.query";
/// How many documents are asked for.
pub const RERANKER_TOP_K: &str = "reranker.top_k";
/// The list of documents in their new order.
pub const RERANKER_OUTPUT_DOCUMENTS: &str = "reranker.output_documents";
/// Of a document: its ID.
pub const DOCUMENT_ID: &str = "document.id";
/// Of a document: its text.
pub const DOCUMENT_CONTENT: &str = "document.content";
/// Of a document: how well it fits.
pub const DOCUMENT_SCORE: &str = "document.score";
