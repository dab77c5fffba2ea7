//! Every attribute key we write, once.

pub mod langfuse;
pub mod logfire;
pub mod openinference;
pub mod zipkin;

/// The ID of the request, on every local root.
pub const REQUEST_ID: &str = "request.id";
/// What kind of error; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/).
pub const ERROR_TYPE: &str = "error.type";

/// The level of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_LEVEL: &str = "level";
/// The target of an event that came from `tracing`, as `tracing-opentelemetry` writes it.
pub const EVENT_TARGET: &str = "target";

// Fields of spans of `tracing` that say something of the span itself, as
// [`tracing-opentelemetry`](https://docs.rs/tracing-opentelemetry/latest/tracing_opentelemetry/#special-fields) reads them.

/// Its name, where that is not the same for all spans of a callsite.
pub const TRACING_NAME: &str = "otel.name";
/// Its kind: `internal`, `server`, `client`, `producer` or `consumer`, in any case.
pub const TRACING_KIND: &str = "otel.kind";
/// How it ended: `ok` or `error`, in any case.
pub const TRACING_STATUS_CODE: &str = "otel.status_code";
/// What its error says.
pub const TRACING_STATUS_DESCRIPTION: &str = "otel.status_description";
/// The same, as older releases call it.
pub const TRACING_STATUS_MESSAGE: &str = "otel.status_message";

// How a span ended, where its status cannot say it.

/// `panicked` or `cancelled`, on spans that ended so; a key of our own, because a status knows only errors.
pub const THROUGHLINE_OUTCOME: &str = "throughline.outcome";

// Where the code is; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/).

/// The qualified name of the function, whatever its spans are called: `shop::orders::Cart::checkout`.
pub const CODE_FUNCTION_NAME: &str = "code.function.name";
/// The source file.
pub const CODE_FILE_PATH: &str = "code.file.path";
/// The line in that file, from 1.
pub const CODE_LINE_NUMBER: &str = "code.line.number";

// What makes the spans; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/resource/).

/// The name of the service.
pub const SERVICE_NAME: &str = "service.name";
/// The host's name, as its kernel tells it.
pub const HOST_NAME: &str = "host.name";
/// The ID of the process.
pub const PROCESS_PID: &str = "process.pid";
/// What made the spans: `throughline`.
pub const TELEMETRY_SDK_NAME: &str = "telemetry.sdk.name";
/// The language of what made them: `rust`.
pub const TELEMETRY_SDK_LANGUAGE: &str = "telemetry.sdk.language";
/// The version of what made them.
pub const TELEMETRY_SDK_VERSION: &str = "telemetry.sdk.version";

// The program as a whole; in development, see the conventions for
// [programs](https://opentelemetry.io/docs/specs/semconv/cli/cli-spans/).

/// The name of the executable.
pub const PROCESS_EXECUTABLE_NAME: &str = "process.executable.name";
/// What the program exits with, an integer.
pub const PROCESS_EXIT_CODE: &str = "process.exit.code";

// Requests.

/// A request ID that came from outside and was replaced: escaped, and cut to 128 characters. Ours.
pub const REQUEST_ID_REPLACED: &str = "request.id.replaced";
/// `true` on the span of a message that came without a request ID, which was made for it here. Ours.
pub const REQUEST_ID_MINTED: &str = "request.id.minted";

// HTTP; stable since version 1.23 of the conventions for
// [HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).

/// The method, or `_OTHER` for one that no RFC of common use defines.
pub const HTTP_REQUEST_METHOD: &str = "http.request.method";
/// The method as it was sent, where [`HTTP_REQUEST_METHOD`] is `_OTHER`.
pub const HTTP_REQUEST_METHOD_ORIGINAL: &str = "http.request.method_original";
/// The status code, an integer.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
/// The template of the path that was matched, such as `/ask/{id}`.
pub const HTTP_ROUTE: &str = "http.route";
/// The version of HTTP, such as `1.1` or `2`.
pub const NETWORK_PROTOCOL_VERSION: &str = "network.protocol.version";
/// The host the client asked for.
pub const SERVER_ADDRESS: &str = "server.address";
/// The port the client asked for, an integer.
pub const SERVER_PORT: &str = "server.port";
/// The URL of a request made, without credentials.
pub const URL_FULL: &str = "url.full";
/// The path of a request answered.
pub const URL_PATH: &str = "url.path";
/// `http` or `https`.
pub const URL_SCHEME: &str = "url.scheme";
/// The header `User-Agent`.
pub const USER_AGENT_ORIGINAL: &str = "user_agent.original";

// Remote procedure calls; a release candidate in version 1.44 of the conventions for
// [gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/).

/// The method with its service, such as `shop.Catalog/Find`; `_OTHER` for one that the server does not know.
pub const RPC_METHOD: &str = "rpc.method";
/// The method that was asked for, where [`RPC_METHOD`] is `_OTHER`.
pub const RPC_METHOD_ORIGINAL: &str = "rpc.method_original";
/// The status that the server returned or the client made, such as `OK` or `DEADLINE_EXCEEDED`.
pub const RPC_RESPONSE_STATUS_CODE: &str = "rpc.response.status_code";
/// The system of remote procedure calls: `grpc`.
pub const RPC_SYSTEM_NAME: &str = "rpc.system.name";

// Messages and jobs; in development, see the conventions for
// [messaging spans](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).

/// What carries the messages: `rabbitmq`, `apalis`.
pub const MESSAGING_SYSTEM: &str = "messaging.system";
/// The number of messages of a batch, an integer.
pub const MESSAGING_BATCH_MESSAGE_COUNT: &str = "messaging.batch.message_count";
/// Who sends or works: the name of a worker.
pub const MESSAGING_CLIENT_ID: &str = "messaging.client.id";
/// The queue or topic.
pub const MESSAGING_DESTINATION_NAME: &str = "messaging.destination.name";
/// The ID that the publisher gave the message.
pub const MESSAGING_MESSAGE_ID: &str = "messaging.message.id";
/// What is done, in the words of the system: `enqueue`, `process`.
pub const MESSAGING_OPERATION_NAME: &str = "messaging.operation.name";
/// What is done, in the words of the conventions: `create`, `process`.
pub const MESSAGING_OPERATION_TYPE: &str = "messaging.operation.type";
/// What ties a message to others of one conversation: RabbitMQ's correlation ID.
pub const MESSAGING_MESSAGE_CONVERSATION_ID: &str = "messaging.message.conversation_id";
/// The number of bytes of the message without its headers, an integer.
pub const MESSAGING_MESSAGE_BODY_SIZE: &str = "messaging.message.body.size";
/// The routing key; in development, see the conventions for
/// [RabbitMQ](https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/).
pub const MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY: &str = "messaging.rabbitmq.destination.routing_key";
/// The number by which the channel knows the delivery, an integer.
pub const MESSAGING_RABBITMQ_MESSAGE_DELIVERY_TAG: &str = "messaging.rabbitmq.message.delivery_tag";
/// Which delivery of the message this is, from 1, an integer. Ours: the conventions know it for single systems only.
pub const JOB_ATTEMPT: &str = "job.attempt";
/// The message was delivered before, a boolean that is there when it is true. With no [`JOB_ATTEMPT`] beside it, nobody
/// counted how often. Ours: the conventions have no word for it.
pub const JOB_REDELIVERED: &str = "job.redelivered";
/// How long the message waited in the queue, or after the time it was scheduled for, in
/// milliseconds. Ours: the conventions know it as a metric only.
pub const JOB_QUEUE_LATENCY: &str = "job.queue.latency_ms";

// Bots. Ours: OpenTelemetry has no conventions for them. The words are those of the
// [Telegram Bot API](https://core.telegram.org/bots/api).

/// The ID of an update, an integer.
pub const TELEGRAM_UPDATE_ID: &str = "telegram.update.id";
/// What an update is about: `message`, `callback_query` ..
pub const TELEGRAM_UPDATE_KIND: &str = "telegram.update.kind";
/// `false` on an update that no handler took.
pub const TELEGRAM_UPDATE_HANDLED: &str = "telegram.update.handled";
/// The command of a message, without its slash, where it is one that the bot has.
pub const TELEGRAM_COMMAND: &str = "telegram.command";
/// `private`, `group`, `supergroup` or `channel`.
pub const TELEGRAM_CHAT_TYPE: &str = "telegram.chat.type";
/// The ID of the chat, an integer; personal data, only written when asked for.
pub const TELEGRAM_CHAT_ID: &str = "telegram.chat.id";
/// The method that the bot called: `sendMessage` ..
pub const TELEGRAM_METHOD: &str = "telegram.method";
// Databases; stable since version 1.33 of the conventions for
// [database spans](https://opentelemetry.io/docs/specs/semconv/db/database-spans/), but for the rows.

/// The product: `sqlite`, `postgresql`.
pub const DB_SYSTEM_NAME: &str = "db.system.name";
/// The database on its server.
pub const DB_NAMESPACE: &str = "db.namespace";
/// What is done and to which tables, in short: `INSERT shipping_details SELECT orders`.
pub const DB_QUERY_SUMMARY: &str = "db.query.summary";
/// The statement, with places for values instead of values.
pub const DB_QUERY_TEXT: &str = "db.query.text";
/// What is done, where it is one thing: `SELECT`.
pub const DB_OPERATION_NAME: &str = "db.operation.name";
/// The table, where it is one.
pub const DB_COLLECTION_NAME: &str = "db.collection.name";
/// The database's code for an error: an SQLSTATE in PostgreSQL, the extended result code in SQLite.
pub const DB_RESPONSE_STATUS_CODE: &str = "db.response.status_code";
/// How many rows were returned, an integer. In development.
pub const DB_RESPONSE_RETURNED_ROWS: &str = "db.response.returned_rows";
/// How many rows a statement changed, an integer. Ours: the conventions know only those that are returned.
pub const DB_AFFECTED_ROWS: &str = "throughline.db.affected_rows";
/// On the wait for a connection: how many the pool may have, all of which were taken. Ours.
pub const DB_POOL_MAX_CONNECTIONS: &str = "throughline.db.pool.max_connections";
/// The event of a transaction that was neither committed nor rolled back when it was dropped. Ours.
pub const DB_TRANSACTION_DROPPED: &str = "throughline.db.transaction.dropped";

// Language models. All of OpenTelemetry's GenAI conventions are in development; these are the keys of semantic
// conventions v1.41.0, <https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/>.

/// What is done: `chat`, `embeddings`, `execute_tool` ..
pub const GEN_AI_OPERATION_NAME: &str = "gen_ai.operation.name";
/// Who answers, as the client sees it: `openai`, `anthropic`, `gcp.gemini` ..
pub const GEN_AI_PROVIDER_NAME: &str = "gen_ai.provider.name";
/// The model that was asked for.
pub const GEN_AI_REQUEST_MODEL: &str = "gen_ai.request.model";
/// Whether a stream was asked for; only written when it was.
pub const GEN_AI_REQUEST_STREAM: &str = "gen_ai.request.stream";
/// The conversation that the call is a part of.
pub const GEN_AI_CONVERSATION_ID: &str = "gen_ai.conversation.id";
/// The user that the work is for; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/).
pub const USER_ID: &str = "user.id";
/// The user's session; [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/session/).
pub const SESSION_ID: &str = "session.id";
/// What kind of content was asked for: `text`, `json`, `image`, `speech`.
pub const GEN_AI_OUTPUT_TYPE: &str = "gen_ai.output.type";
/// How many choices were asked for; only written when not one.
pub const GEN_AI_REQUEST_CHOICE_COUNT: &str = "gen_ai.request.choice.count";
/// The penalty for frequent tokens.
pub const GEN_AI_REQUEST_FREQUENCY_PENALTY: &str = "gen_ai.request.frequency_penalty";
/// The most tokens the model may answer with.
pub const GEN_AI_REQUEST_MAX_TOKENS: &str = "gen_ai.request.max_tokens";
/// The penalty for tokens that are present.
pub const GEN_AI_REQUEST_PRESENCE_PENALTY: &str = "gen_ai.request.presence_penalty";
/// The seed that makes answers repeat.
pub const GEN_AI_REQUEST_SEED: &str = "gen_ai.request.seed";
/// What ends the answer.
pub const GEN_AI_REQUEST_STOP_SEQUENCES: &str = "gen_ai.request.stop_sequences";
/// The temperature.
pub const GEN_AI_REQUEST_TEMPERATURE: &str = "gen_ai.request.temperature";
/// From how many of the likeliest tokens the model chooses.
pub const GEN_AI_REQUEST_TOP_K: &str = "gen_ai.request.top_k";
/// From how much probability the model chooses.
pub const GEN_AI_REQUEST_TOP_P: &str = "gen_ai.request.top_p";
/// The name of the prompt, where prompts have one.
pub const GEN_AI_PROMPT_NAME: &str = "gen_ai.prompt.name";
/// How many dimensions an embedding has.
pub const GEN_AI_EMBEDDINGS_DIMENSION_COUNT: &str = "gen_ai.embeddings.dimension.count";
/// The forms in which embeddings are asked for: `float`, `base64` ..
pub const GEN_AI_REQUEST_ENCODING_FORMATS: &str = "gen_ai.request.encoding_formats";
/// Where documents are searched.
pub const GEN_AI_DATA_SOURCE_ID: &str = "gen_ai.data_source.id";
/// How many documents are asked for.
pub const GEN_AI_RETRIEVAL_TOP_K: &str = "gen_ai.retrieval.top_k";
/// The tool that is run.
pub const GEN_AI_TOOL_NAME: &str = "gen_ai.tool.name";
/// The ID of the call, by which the model knows the result.
pub const GEN_AI_TOOL_CALL_ID: &str = "gen_ai.tool.call.id";
/// `function`, `extension` or `datastore`.
pub const GEN_AI_TOOL_TYPE: &str = "gen_ai.tool.type";
/// What the tool is for.
pub const GEN_AI_TOOL_DESCRIPTION: &str = "gen_ai.tool.description";
/// The agent that runs.
pub const GEN_AI_AGENT_NAME: &str = "gen_ai.agent.name";
/// Its ID, where it is one of several of that name.
pub const GEN_AI_AGENT_ID: &str = "gen_ai.agent.id";
/// What the agent is for.
pub const GEN_AI_AGENT_DESCRIPTION: &str = "gen_ai.agent.description";
/// The workflow that runs.
pub const GEN_AI_WORKFLOW_NAME: &str = "gen_ai.workflow.name";
/// The ID the provider gave the response.
pub const GEN_AI_RESPONSE_ID: &str = "gen_ai.response.id";
/// The model that answered.
pub const GEN_AI_RESPONSE_MODEL: &str = "gen_ai.response.model";
/// Why the model stopped, for each choice.
pub const GEN_AI_RESPONSE_FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
/// Seconds from the request to the first chunk of a stream.
pub const GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: &str = "gen_ai.response.time_to_first_chunk";
/// Tokens of the input, those of the cache included.
pub const GEN_AI_USAGE_INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
/// Tokens of the output, reasoning included.
pub const GEN_AI_USAGE_OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
/// The part of the input that was read from the provider's cache.
pub const GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: &str = "gen_ai.usage.cache_read.input_tokens";
/// The part of the input that was written to the provider's cache.
pub const GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: &str = "gen_ai.usage.cache_creation.input_tokens";
/// The same in the unreleased conventions of 2026: written instead, with `OTEL_SEMCONV_STABILITY_OPT_IN`.
pub const GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: &str = "gen_ai.usage.cache_write.input_tokens";
/// The part of the output that the model spent on reasoning.
pub const GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: &str = "gen_ai.usage.reasoning.output_tokens";
/// What the call cost in US dollars. In no convention yet; Langfuse and others read it.
pub const GEN_AI_USAGE_COST: &str = "gen_ai.usage.cost";
/// The same as proposed upstream: written instead, with `OTEL_SEMCONV_STABILITY_OPT_IN`.
pub const GEN_AI_USAGE_COST_AMOUNT: &str = "gen_ai.usage.cost.amount";
/// The currency of the amount, as ISO 4217 names it.
pub const GEN_AI_USAGE_COST_CURRENCY: &str = "gen_ai.usage.cost.currency";
/// Who says so: the `provider`, or `local`ly from a price list.
pub const GEN_AI_USAGE_COST_SOURCE: &str = "gen_ai.usage.cost.source";
/// The tier that OpenAI served the request in, which decides the price;
/// [OpenAI's conventions](https://opentelemetry.io/docs/specs/semconv/registry/attributes/openai/).
pub const OPENAI_RESPONSE_SERVICE_TIER: &str = "openai.response.service_tier";

// The content of model calls, on request only: JSON in the form of the conventions,
// <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-events/>.

/// What the model was given: `[{role, parts: [{type, ..}]}]`.
pub const GEN_AI_INPUT_MESSAGES: &str = "gen_ai.input.messages";
/// What it answered: the same, with a `finish_reason` each.
pub const GEN_AI_OUTPUT_MESSAGES: &str = "gen_ai.output.messages";
/// What it was told before, apart from the messages: `[{type, content}]`.
pub const GEN_AI_SYSTEM_INSTRUCTIONS: &str = "gen_ai.system_instructions";
/// The tools it may call: `[{type, name, description, parameters}]`.
pub const GEN_AI_TOOL_DEFINITIONS: &str = "gen_ai.tool.definitions";
/// What a tool was called with, as JSON.
pub const GEN_AI_TOOL_CALL_ARGUMENTS: &str = "gen_ai.tool.call.arguments";
/// What the tool returned: text, else JSON.
pub const GEN_AI_TOOL_CALL_RESULT: &str = "gen_ai.tool.call.result";
/// What was searched for.
pub const GEN_AI_RETRIEVAL_QUERY_TEXT: &str = "gen_ai.retrieval.query.text";
/// What was found: `[{id, score}]`, with the `content` beside it.
pub const GEN_AI_RETRIEVAL_DOCUMENTS: &str = "gen_ai.retrieval.documents";
// Metrics of language models;
// [conventions v1.41.0](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).

/// The metric of how long calls take, in seconds.
pub const GEN_AI_CLIENT_OPERATION_DURATION: &str = "gen_ai.client.operation.duration";
/// The metric of the tokens that calls use.
pub const GEN_AI_CLIENT_TOKEN_USAGE: &str = "gen_ai.client.token.usage";
/// The metric of the time from the request to the first chunk of a stream, in seconds.
pub const GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK: &str = "gen_ai.client.operation.time_to_first_chunk";
/// The metric of the time from one chunk of a stream to the next, in seconds.
pub const GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK: &str =
    "gen_ai.client.operation.time_per_output_chunk";
/// Which tokens were counted: `input` or `output`. On metrics only.
pub const GEN_AI_TOKEN_TYPE: &str = "gen_ai.token.type";
/// `true` on the series of what found no room in one of its own;
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#overflow-attribute).
pub const OTEL_METRIC_OVERFLOW: &str = "otel.metric.overflow";

// Language models, in words of our own: never under `gen_ai.usage.`, where Langfuse takes any integer for a kind of
// usage.

/// The names of the tools that the model asked for, in its order.
pub const LLM_TOOL_CALL_NAMES: &str = "throughline.llm.tool_call.names";
/// The IDs of those calls, in the same order: `gen_ai.tool.call.id` of the tools' spans.
pub const LLM_TOOL_CALL_IDS: &str = "throughline.llm.tool_call.ids";
/// How many chunks a stream had.
pub const LLM_CHUNKS: &str = "throughline.llm.chunks";
/// Seconds from one chunk of a stream to the next, on average.
pub const LLM_TIME_PER_OUTPUT_CHUNK: &str = "throughline.llm.time_per_output_chunk";
/// Seconds from the request to the first chunk of a stream in which the model says something: text, reasoning, a tool
/// call. Chunks before it bring a role or an ID.
pub const LLM_TIME_TO_FIRST_CONTENT: &str = "throughline.llm.time_to_first_content";
/// The usage, and so the cost, is an estimate, for which the program asked: the provider reported none. Only written
/// where that is so.
pub const LLM_USAGE_ESTIMATED: &str = "throughline.llm.usage.estimated";
/// Output tokens a second, from the first chunk of a stream to its last.
pub const LLM_OUTPUT_TOKENS_PER_SECOND: &str = "throughline.llm.output_tokens_per_second";
/// On a model call: how many attempts it took. Not `http.request.resend_count`, which is for spans of HTTP requests.
pub const LLM_ATTEMPTS: &str = "throughline.llm.attempts";
/// On a model call: why those of its attempts failed that did, in the order of their ends, at most 32: the status of an
/// HTTP response, else the type of the error, `cancelled` where it was dropped.
pub const LLM_ATTEMPT_ERRORS: &str = "throughline.llm.attempt.errors";
/// On an attempt: which one it is, from 1.
pub const LLM_ATTEMPT_NUMBER: &str = "throughline.llm.attempt.number";
/// On an attempt after the first: seconds since the one before it ended.
pub const LLM_ATTEMPT_WAIT: &str = "throughline.llm.attempt.wait";
/// On an attempt: how many seconds the provider asked to wait before the next.
pub const LLM_ATTEMPT_RETRY_AFTER: &str = "throughline.llm.attempt.retry_after";
/// On a local root: how many calls of models ended before it.
pub const LLM_TOTAL_CALLS: &str = "throughline.llm.total.calls";
/// On a local root: tokens of their inputs.
pub const LLM_TOTAL_INPUT_TOKENS: &str = "throughline.llm.total.input_tokens";
/// On a local root: tokens of their outputs.
pub const LLM_TOTAL_OUTPUT_TOKENS: &str = "throughline.llm.total.output_tokens";
/// On a local root: the part of the input that was read from providers' caches.
pub const LLM_TOTAL_CACHED_TOKENS: &str = "throughline.llm.total.cached_tokens";
/// On a local root: the part of the output that models spent on reasoning.
pub const LLM_TOTAL_REASONING_TOKENS: &str = "throughline.llm.total.reasoning_tokens";
/// On a local root: of how many of them the usage is an estimate.
pub const LLM_TOTAL_ESTIMATED_CALLS: &str = "throughline.llm.total.estimated_calls";
/// On a local root: what they cost in US dollars.
pub const LLM_TOTAL_COST: &str = "throughline.llm.total.cost";
/// On a local root: how many of them have no known cost, so that the sum says less than all.
pub const LLM_TOTAL_UNPRICED_CALLS: &str = "throughline.llm.total.unpriced_calls";
/// On a local root: how many tools were run and ended before it.
pub const LLM_TOTAL_TOOL_CALLS: &str = "throughline.llm.total.tool_calls";
/// On a local root: seconds while at least one call of a model was under way, embeddings and streams that were being read
/// included. Calls at the same time count once, so that it is never more than the root took.
pub const LLM_TOTAL_MODEL_TIME: &str = "throughline.llm.total.model_time";
/// On a local root: seconds while at least one search for documents, or ranking of them, was under way, counted in the same way.
pub const LLM_TOTAL_RETRIEVAL_TIME: &str = "throughline.llm.total.retrieval_time";
/// On a request to another service: how many calls of models that service says it made for it. What another says of itself
/// is in no total of ours.
pub const LLM_REMOTE_CALLS: &str = "throughline.llm.remote.calls";
/// On a request to another service: tokens of their inputs.
pub const LLM_REMOTE_INPUT_TOKENS: &str = "throughline.llm.remote.input_tokens";
/// On a request to another service: tokens of their outputs.
pub const LLM_REMOTE_OUTPUT_TOKENS: &str = "throughline.llm.remote.output_tokens";
/// On a request to another service: what they cost in US dollars.
pub const LLM_REMOTE_COST: &str = "throughline.llm.remote.cost";
/// On a request to another service: how many of them have no known cost.
pub const LLM_REMOTE_UNPRICED_CALLS: &str = "throughline.llm.remote.unpriced_calls";
/// On a request to another service: how many tools it ran.
pub const LLM_REMOTE_TOOL_CALLS: &str = "throughline.llm.remote.tool_calls";

// Retrieval, in words of our own.

/// How many documents a search returned.
pub const RETRIEVAL_RETURNED: &str = "throughline.retrieval.returned";
/// How many documents a ranking is to keep. The conventions have no key for it: `gen_ai.request.top_k` is about tokens.
pub const RERANK_TOP_K: &str = "throughline.rerank.top_k";
/// How many documents a ranking returned.
pub const RERANK_RETURNED: &str = "throughline.rerank.returned";
