//! Calls of models: chat, vectors, ranking. Each is a span that says what was asked, what was used and what it cost.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionStreamOptions, ChatCompletionTools,
    CreateChatCompletionRequest,
};
use async_openai::types::embeddings::{CreateEmbeddingRequest, CreateEmbeddingResponse, EmbeddingInput};
use futures_util::StreamExt as _;
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use throughline::{embedding_span, llm, llm_span, rerank_span};
use throughline_examples::endpoint::Endpoint;
use throughline_examples::reply::Reply;
use throughline_examples::retry::{Retry, TurnedAway};
use tower::service_fn;

/// The model that makes vectors, and how long they are.
const EMBEDDING: &str = "text-embedding-3-small";
const DIMENSIONS: u32 = 256;
/// The model that ranks.
const RERANK: &str = "rerank-v3.5";

/// A client for all models.
pub(crate) struct Models {
    client: Client<OpenAIConfig>,
    http: throughline_reqwest::Client,
    endpoint: (String, String),
    model: String,
}

/// The place of a document in the list that was ranked.
#[derive(Debug, Deserialize)]
pub(crate) struct Rank {
    pub(crate) index: usize,
}

impl Models {
    /// A client of the API at that address.
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        let config = OpenAIConfig::new().with_api_base(&endpoint.base_url).with_api_key(&endpoint.api_key);
        let http = throughline_reqwest::Client::default();
        let service = {
            let http = http.clone();
            // In place of the client's own way of sending, which retries where nobody sees it.
            service_fn(move |request| send(http.clone(), request))
        };
        let client = Client::with_config(config).with_http_service(service);
        let (address, key) = (endpoint.base_url.clone(), endpoint.api_key.clone());
        Self { client, http, endpoint: (address, key), model: endpoint.model.clone() }
    }

    /// One turn of the model, asked again when it is turned away or its answer breaks off.
    #[llm_span(provider = "openai", model = self.model, stream = true, capture(input = messages, tools = tools))]
    pub(crate) async fn complete(
        &self,
        messages: &[ChatCompletionRequestMessage],
        tools: &[ChatCompletionTools],
    ) -> Result<Reply, OpenAIError> {
        let request = CreateChatCompletionRequest {
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
        };
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
        let mut chunks = llm::observe(self.client.chat().create_stream(request.clone()).await?);
        let mut reply = Reply::default();
        while let Some(chunk) = chunks.next().await {
            reply.add(chunk?);
        }
        Ok(reply)
    }

    /// One vector for each text.
    pub(crate) async fn vectors(
        &self,
        texts: impl IntoIterator<Item = &str>,
    ) -> Result<Vec<Vec<f32>>, OpenAIError> {
        let texts = texts.into_iter().map(str::to_owned).collect();
        let response = self.embed(texts).await?;
        Ok(response.data.into_iter().map(|one| one.embedding).collect())
    }

    /// The usage is read from the response as it is returned.
    #[embedding_span(provider = "openai", model = EMBEDDING, dimensions = DIMENSIONS)]
    async fn embed(&self, texts: Vec<String>) -> Result<CreateEmbeddingResponse, OpenAIError> {
        let request = CreateEmbeddingRequest {
            model: EMBEDDING.to_owned(),
            input: EmbeddingInput::StringArray(texts),
            dimensions: Some(DIMENSIONS),
            ..CreateEmbeddingRequest::default()
        };
        self.client.embeddings().create(request).await
    }

    /// The documents that have most to do with the query, best first.
    #[rerank_span(provider = "cohere", model = RERANK, top_k = limit, capture(query = query))]
    pub(crate) async fn rank(
        &self,
        query: &str,
        documents: &[&str],
        limit: usize,
    ) -> reqwest::Result<Vec<Rank>> {
        #[derive(Deserialize)]
        struct Ranked {
            results: Vec<Rank>,
        }
        let (address, key) = &self.endpoint;
        let body = json!({"model": RERANK, "query": query, "documents": documents, "top_n": limit});
        let request = reqwest::Client::new().post(format!("{address}/rerank")).bearer_auth(key).json(&body);
        let response = self.http.execute(request.build()?).await?;
        let Ranked { results } = response.error_for_status()?.json().await?;
        Ok(results)
    }
}

/// Sends a request once. What async-openai leaves out of its error, how long to wait, becomes one of ours.
async fn send(
    http: throughline_reqwest::Client,
    request: HttpRequestFactory,
) -> Result<Response, OpenAIError> {
    let response = http.execute(request.build().await?).await.map_err(OpenAIError::Reqwest)?;
    let seconds = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    match seconds {
        Some(seconds) if response.status() == StatusCode::TOO_MANY_REQUESTS => {
            Err(OpenAIError::Boxed(Box::new(TurnedAway { wait: Duration::from_secs(seconds) })))
        }
        _ => Ok(response),
    }
}
