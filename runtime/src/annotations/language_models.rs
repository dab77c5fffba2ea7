//! The documentation of the attributes for language models.

/// Makes a span of every call of a language model, after OpenTelemetry's
/// [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/): named `chat gpt-4o`, of kind client,
/// with what was asked for and what came of it.
///
/// ```
/// use throughline::llm_span;
///
/// #[llm_span(provider = "openai", model = model, temperature = 0.2)]
/// async fn ask(model: &str, question: &str) -> Result<String, std::io::Error> {
///     # let _ = question;
///     // The client's response would be returned here, or given to `throughline::llm::record`.
///     Ok("42".to_owned())
/// }
/// ```
///
/// Usage, model, finish reasons and tool calls are read from the returned value: from inside of `Result`, `Option`, `Box` and
/// tuples, by [`LlmResponse`](crate::llm::LlmResponse) or else `serde::Serialize`; from a returned stream by its items, and
/// the span lasts as long as the stream. A function that returns something else calls
/// [`llm::record`](crate::llm::record) in its body.
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `provider`, required | `gen_ai.provider.name` |
/// | `model` | `gen_ai.request.model`, and the end of the span's name |
/// | `operation`: `"chat"` unless told, `"text_completion"`, `"generate_content"` | `gen_ai.operation.name`, and the beginning of the span's name |
/// | `usage = \|value\| ..`: reads the tokens by a closure, which sees what is in the `Ok` and returns a [`Usage`](crate::llm::Usage) or an `Option` of one | `gen_ai.usage.*` |
/// | `max_tokens`, `temperature`, `top_p`, `top_k`, `frequency_penalty`, `presence_penalty`, `stop_sequences`, `seed`, `stream` | the same after `gen_ai.request.` |
/// | `choice_count` | `gen_ai.request.choice.count` |
/// | `output_type`: `"text"`, `"json"`, `"image"`, `"speech"` | `gen_ai.output.type` |
/// | `prompt_name` | `gen_ai.prompt.name` |
/// | `conversation`, or `conversation_id` | `gen_ai.conversation.id` |
/// | `server_address`, `server_port` | `server.address`, `server.port` |
/// | `capture(input = .., system = .., tools = .., output)` | `gen_ai.input.messages`, `gen_ai.system_instructions`, `gen_ai.tool.definitions`, `gen_ai.output.messages` |
///
/// The values are literals or expressions over the parameters, with `%` and `?` as in `fields`; `None` leaves one out.
///
/// # Content
///
/// `capture(..)` says which values are content, and nothing of it is evaluated unless the process asks for content. `name =
/// value` is read when the span opens; a word alone is what the function returns. A value is read by its
/// `serde::Serialize`, else as text by its `AsRef<str>` or its `Display`, else not at all; with `%` and `?` as that text.
/// The output of a response that is read needs no word: where the process asks for content, it is recorded.
///
/// ```
/// use throughline::llm_span;
///
/// #[llm_span(provider = "openai", model = "gpt-4o", capture(input = messages, system = "Answer briefly.", output))]
/// fn ask(messages: &[String]) -> String {
///     format!("{} questions", messages.len())
/// }
/// # assert_eq!(ask(&["why?".to_owned()]), "1 questions");
/// ```
///
/// # Places
///
/// An `impl` block says once what all its calls have in common:
///
/// ```
/// use throughline::{llm_span, traced};
///
/// struct Assistant {
///     model: String,
/// }
///
/// #[llm_span(provider = "openai", model = self.model, server_address = "api.openai.com")]
/// impl Assistant {
///     #[llm_span(max_tokens = 100)]
///     async fn answer(&self, question: &str) -> Result<String, std::io::Error> {
///         Ok(self.prompt(question))
///     }
///
///     #[traced]
///     fn prompt(&self, question: &str) -> String {
///         format!("Answer briefly. {question}")
///     }
/// }
/// ```
#[cfg_attr(
    not(feature = "llm"),
    doc = "\n\nWithout the feature `llm` nothing is read of what is returned."
)]
pub use throughline_macros::llm_span;

/// Makes a span of every call of a model that makes embeddings: named `embeddings text-embedding-3-small`, of kind client.
/// Model and tokens are read from the returned value as by [`llm_span`](crate::llm_span).
///
/// ```
/// use throughline::embedding_span;
/// use throughline::llm::Usage;
///
/// struct Embeddings {
///     vectors: Vec<Vec<f32>>,
///     tokens: u64,
/// }
///
/// #[embedding_span(
///     provider = "openai",
///     model = "text-embedding-3-small",
///     dimensions = size,
///     usage = |embeddings: &Embeddings| Usage { input: embeddings.tokens, ..Usage::default() }
/// )]
/// fn embed(texts: &[&str], size: usize) -> Embeddings {
///     Embeddings { vectors: vec![vec![0.5; size]; texts.len()], tokens: 4 }
/// }
///
/// let trace = throughline::testing::capture(|| {
///     assert_eq!(embed(&["what is it about?"], 2).vectors.len(), 1);
/// });
/// let span = trace.span("embeddings text-embedding-3-small");
/// assert_eq!(span.attribute("gen_ai.embeddings.dimension.count"), Some(2.into()));
/// assert_eq!(span.attribute("gen_ai.usage.input_tokens"), Some(4.into()));
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `provider`, required | `gen_ai.provider.name` |
/// | `model` | `gen_ai.request.model`, and the end of the span's name |
/// | `dimensions` | `gen_ai.embeddings.dimension.count` |
/// | `encoding_formats` | `gen_ai.request.encoding_formats` |
/// | `usage = \|value\| ..` | `gen_ai.usage.*` |
/// | `conversation`, or `conversation_id` | `gen_ai.conversation.id` |
/// | `server_address`, `server_port` | `server.address`, `server.port` |
pub use throughline_macros::embedding_span;

/// Makes a span of every search for documents: named `retrieval handbook`, of kind client, with the number of documents
/// that a returned list has.
///
/// ```
/// use throughline::retrieval_span;
///
/// #[retrieval_span(data_source = "handbook", top_k = limit, capture(query = words, documents))]
/// fn search(words: &str, limit: usize) -> Vec<String> {
///     vec![words.to_owned(); limit]
/// }
///
/// let trace = throughline::testing::capture(|| drop(search("cookies", 2)));
/// let span = trace.span("retrieval handbook");
/// assert_eq!(span.attribute("throughline.retrieval.returned"), Some(2.into()));
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `data_source` | `gen_ai.data_source.id`, and the end of the span's name |
/// | `top_k` | `gen_ai.retrieval.top_k` |
/// | `provider` | `gen_ai.provider.name` |
/// | `server_address`, `server_port` | `server.address`, `server.port` |
/// | `capture(query = .., documents)`, see [content](crate::llm_span#content) | `gen_ai.retrieval.query.text`, `gen_ai.retrieval.documents` |
pub use throughline_macros::retrieval_span;

/// Makes a span of every ranking of documents: named `rerank rerank-v3.5`, of kind client, with the number of documents that
/// a returned list has. The conventions do not know it: `rerank` is a name of our own, and so are two of the keys.
///
/// ```
/// use throughline::rerank_span;
///
/// #[rerank_span(provider = "cohere", model = "rerank-v3.5", top_k = wanted, capture(query = words, documents))]
/// fn best(wanted: usize, words: &str, mut documents: Vec<String>) -> Vec<String> {
///     documents.sort_by_key(|document| !document.contains(words));
///     documents.truncate(wanted);
///     documents
/// }
///
/// let documents = vec!["tea".to_owned(), "cookies".to_owned()];
/// let trace = throughline::testing::capture(|| assert_eq!(best(1, "cookies", documents), ["cookies"]));
/// let span = trace.span("rerank rerank-v3.5");
/// assert_eq!(span.attribute("throughline.rerank.top_k"), Some(1.into()));
/// assert_eq!(span.attribute("throughline.rerank.returned"), Some(1.into()));
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `provider` | `gen_ai.provider.name` |
/// | `model` | `gen_ai.request.model`, and the end of the span's name |
/// | `top_k`: how many documents are wanted | `throughline.rerank.top_k` |
/// | `server_address`, `server_port` | `server.address`, `server.port` |
/// | `capture(query = .., documents)`, see [content](crate::llm_span#content) | `gen_ai.retrieval.query.text`, `gen_ai.retrieval.documents` |
pub use throughline_macros::rerank_span;

/// Makes a span of every use of a tool: named `execute_tool multiply`, after the function unless `tool` says otherwise.
///
/// ```
/// use throughline::tool_span;
///
/// #[tool_span(call_id = call_id, description = "Multiplies two numbers", args)]
/// fn multiply(call_id: &str, a: i64, b: i64) -> i64 {
///     a * b
/// }
///
/// let trace = throughline::testing::capture(|| assert_eq!(multiply("call-1", 6, 7), 42));
/// assert_eq!(trace.span("execute_tool multiply").attribute("gen_ai.tool.call.id"), Some("call-1".into()));
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `tool`, `name`, or a bare literal; the function's name unless told | `gen_ai.tool.name`, and the end of the span's name |
/// | `call_id` | `gen_ai.tool.call.id` |
/// | `type`: `"function"`, `"extension"`, `"datastore"` | `gen_ai.tool.type` |
/// | `description` | `gen_ai.tool.description` |
/// | `conversation`, or `conversation_id` | `gen_ai.conversation.id` |
/// | `capture(arguments, result)`, or `arguments = value`, see [content](crate::llm_span#content) | `gen_ai.tool.call.arguments`, `gen_ai.tool.call.result` |
///
/// `arguments` alone are those of the function, by their names, but for the ones that `skip` names; `skip` then asks for no
/// attributes, only `args` does.
///
/// On an `impl` block, a trait or a module every function is a tool; one with `#[traced]` is a span like others, one with
/// `#[traced(skip)]` none.
///
/// ```
/// use throughline::{tool_span, traced};
///
/// struct Calculator;
///
/// #[tool_span(type = "function", capture(arguments, result))]
/// impl Calculator {
///     fn add(&self, a: i64, b: i64) -> i64 {
///         self.checked(a + b)
///     }
///
///     #[tool_span(tool = "times", description = "Multiplies two numbers")]
///     fn multiply(&self, a: i64, b: i64) -> i64 {
///         self.checked(a * b)
///     }
///
///     #[traced]
///     fn checked(&self, result: i64) -> i64 {
///         result
///     }
/// }
/// # assert_eq!(Calculator.add(1, 2) + Calculator.multiply(2, 3), 9);
/// ```
pub use throughline_macros::tool_span;

/// Makes a span of every run of an agent: named `invoke_agent researcher`, after the function unless `agent` says otherwise.
/// Of an agent that runs elsewhere, `kind = "client"` says so.
///
/// ```
/// use throughline::{agent_span, tool_span};
///
/// #[agent_span("researcher", conversation = conversation, capture(input = question, output))]
/// fn research(conversation: &str, question: &str) -> String {
///     look_up(question)
/// }
///
/// #[tool_span]
/// fn look_up(words: &str) -> String {
///     words.to_uppercase()
/// }
///
/// let trace = throughline::testing::capture(|| assert_eq!(research("c-1", "tea"), "TEA"));
/// trace.assert_tree(
///     "
///     invoke_agent researcher
///       execute_tool look_up
///     ",
/// );
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `agent`, `name`, or a bare literal; the function's name unless told | `gen_ai.agent.name`, and the end of the span's name |
/// | `id`, `description` | `gen_ai.agent.id`, `gen_ai.agent.description` |
/// | `provider`, `model` | `gen_ai.provider.name`, `gen_ai.request.model` |
/// | `conversation`, or `conversation_id` | `gen_ai.conversation.id` |
/// | `server_address`, `server_port` | `server.address`, `server.port` |
/// | `capture(input = .., output)`, see [content](crate::llm_span#content) | `gen_ai.input.messages`, `gen_ai.output.messages` |
pub use throughline_macros::agent_span;

/// Makes a span of every run of a workflow, which calls agents, models and tools in an order of its own: named
/// `invoke_workflow digest`, after the function unless `workflow` says otherwise.
///
/// ```
/// use throughline::{agent_span, workflow_span};
///
/// #[workflow_span(workflow = format!("digest of {day}"))]
/// fn digest(day: &str) {
///     collect();
///     write();
/// }
///
/// #[agent_span]
/// fn collect() {}
///
/// #[agent_span]
/// fn write() {}
///
/// let trace = throughline::testing::capture(|| digest("monday"));
/// trace.assert_tree(
///     "
///     invoke_workflow digest of monday
///       invoke_agent collect
///       invoke_agent write
///     ",
/// );
/// ```
///
/// Besides the arguments of [`traced`](crate::traced) it takes
///
/// | argument | key |
/// |---|---|
/// | `workflow`, `name`, or a bare literal; the function's name unless told | `gen_ai.workflow.name`, and the end of the span's name |
/// | `conversation`, or `conversation_id` | `gen_ai.conversation.id` |
/// | `capture(input = .., output)`, see [content](crate::llm_span#content) | `gen_ai.input.messages`, `gen_ai.output.messages` |
pub use throughline_macros::workflow_span;
