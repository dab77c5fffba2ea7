//! Calls of the model: streamed, with tools, and with a retry that can be seen.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionRequestMessage, ChatCompletionStreamOptions,
    ChatCompletionTools, CreateChatCompletionRequest, CreateChatCompletionStreamResponse,
};
use futures_util::StreamExt as _;
use throughline::{llm, llm_span};
use tokio::time::sleep;

/// How often a call is tried.
const ATTEMPTS: u32 = 3;
/// The pause after the first attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// A client for one model.
pub(crate) struct Chat {
    client: Client<OpenAIConfig>,
    model: String,
}

/// What the model said, put together from its chunks.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) calls: Vec<ChatCompletionMessageToolCall>,
}

impl Chat {
    /// A client of the API at that address.
    pub(crate) fn new(base_url: &str, api_key: &str, model: &str) -> Self {
        let config = OpenAIConfig::new().with_api_base(base_url).with_api_key(api_key);
        // The client retries by itself, where nobody sees it: a plain service in its place does not.
        let client = Client::with_config(config).with_http_service(ReqwestService::default());
        Self { client, model: model.to_owned() }
    }

    /// One turn of the model, tried again while the server says that another attempt may do.
    #[llm_span(provider = "openai", model = self.model, stream = true)]
    pub(crate) async fn complete(
        &self,
        messages: &[ChatCompletionRequestMessage],
        tools: &[ChatCompletionTools],
    ) -> Result<Reply, OpenAIError> {
        let request = self.request(messages, tools);
        let mut attempt = 1;
        loop {
            match llm::attempt(async || self.stream(&request).await).await {
                Err(error) if attempt < ATTEMPTS && is_transient(&error) => {
                    tracing::warn!(attempt, %error, "the model turned the call away, trying again");
                    sleep(FIRST_PAUSE * 2_u32.pow(attempt - 1)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Reads one streamed answer to its end.
    async fn stream(&self, request: &CreateChatCompletionRequest) -> Result<Reply, OpenAIError> {
        let mut chunks = self.client.chat().create_stream(request.clone()).await?;
        let mut reply = Reply::default();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk?;
            llm::record_chunk(&chunk);
            reply.add(chunk);
        }
        Ok(reply)
    }

    fn request(
        &self,
        messages: &[ChatCompletionRequestMessage],
        tools: &[ChatCompletionTools],
    ) -> CreateChatCompletionRequest {
        CreateChatCompletionRequest {
            model: self.model.clone(),
            messages: messages.to_vec(),
            tools: Some(tools.to_vec()),
            stream: Some(true),
            // Without it, a stream does not say what it used.
            stream_options: Some(ChatCompletionStreamOptions {
                include_usage: Some(true),
                include_obfuscation: None,
            }),
            ..CreateChatCompletionRequest::default()
        }
    }
}

/// Whether the same call may well succeed in a moment.
fn is_transient(error: &OpenAIError) -> bool {
    match error {
        OpenAIError::ApiError(response) => {
            response.status_code.is_server_error() || response.status_code.as_u16() == 429
        }
        OpenAIError::Reqwest(error) => error.is_connect() || error.is_timeout(),
        _ => false,
    }
}

impl Reply {
    /// Adds what one chunk says: text, or parts of tool calls, which come under their index.
    fn add(&mut self, chunk: CreateChatCompletionStreamResponse) {
        for choice in chunk.choices {
            self.text.push_str(choice.delta.content.as_deref().unwrap_or_default());
            for part in choice.delta.tool_calls.unwrap_or_default() {
                let index = part.index as usize;
                if self.calls.len() <= index {
                    self.calls.resize_with(index + 1, ChatCompletionMessageToolCall::default);
                }
                let call = &mut self.calls[index];
                call.id.push_str(part.id.as_deref().unwrap_or_default());
                let function = part.function.unwrap_or_default();
                call.function.name.push_str(function.name.as_deref().unwrap_or_default());
                call.function.arguments.push_str(function.arguments.as_deref().unwrap_or_default());
            }
        }
    }
}
