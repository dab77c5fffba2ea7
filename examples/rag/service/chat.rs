//! Calls of the model: streamed, with tools, and with a retry that can be seen.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionStreamOptions, ChatCompletionTools,
    CreateChatCompletionRequest,
};
use futures_util::StreamExt as _;
use throughline::{llm, llm_span};
use throughline_examples::endpoint::Endpoint;
use throughline_examples::reply::Reply;
use throughline_examples::retry::Retry;

/// A client for one model.
pub(crate) struct Chat {
    client: Client<OpenAIConfig>,
    model: String,
}

impl Chat {
    /// A client of the API at that address.
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        let config = OpenAIConfig::new().with_api_base(&endpoint.base_url).with_api_key(&endpoint.api_key);
        // The client retries by itself, where nobody sees it: a plain service in its place does not.
        let client = Client::with_config(config).with_http_service(ReqwestService::default());
        Self { client, model: endpoint.model.clone() }
    }

    /// One turn of the model, tried again while the server says that another attempt may do.
    #[llm_span(provider = "openai", model = self.model, stream = true, capture(input = messages, tools = tools))]
    pub(crate) async fn complete(
        &self,
        messages: &[ChatCompletionRequestMessage],
        tools: &[ChatCompletionTools],
    ) -> Result<Reply, OpenAIError> {
        let request = self.request(messages, tools);
        let mut retry = Retry::default();
        loop {
            match llm::attempt(async || self.stream(&request).await).await {
                Err(error) if retry.follows(&error).await => {}
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
