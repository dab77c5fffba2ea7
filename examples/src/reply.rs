//! What a model said in one turn, and how it goes on in the conversation.

use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage, ChatCompletionRequestToolMessage, CreateChatCompletionStreamResponse,
};

/// What the model said, put together from its chunks.
#[derive(Debug, Default)]
pub struct Reply {
    /// Its text.
    pub text: String,
    /// The tools that it calls.
    pub calls: Vec<ChatCompletionMessageToolCall>,
}

impl Reply {
    /// Adds what one chunk says: text, or parts of tool calls, which come under their index.
    pub fn add(&mut self, chunk: CreateChatCompletionStreamResponse) {
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

    /// The messages that say what was called and what came of it, one result a call. An error is told to the model: it
    /// can mend its call when it knows what was wrong with it.
    pub fn into_messages(
        self,
        results: impl IntoIterator<Item = anyhow::Result<String>>,
    ) -> Vec<ChatCompletionRequestMessage> {
        let results: Vec<ChatCompletionRequestMessage> = self
            .calls
            .iter()
            .zip(results)
            .map(|(call, result)| {
                let content = result.unwrap_or_else(|error| format!("error: {error:#}"));
                let (content, tool_call_id) = (content.into(), call.id.clone());
                ChatCompletionRequestToolMessage { content, tool_call_id }.into()
            })
            .collect();
        let calls = self.calls.into_iter().map(ChatCompletionMessageToolCalls::Function).collect();
        let said = ChatCompletionRequestAssistantMessage {
            content: (!self.text.is_empty()).then(|| self.text.into()),
            tool_calls: Some(calls),
            ..ChatCompletionRequestAssistantMessage::default()
        };
        let mut messages = vec![ChatCompletionRequestMessage::from(said)];
        messages.extend(results);
        messages
    }
}
