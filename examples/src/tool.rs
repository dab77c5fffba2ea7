//! A tool as a model is told of it.

use async_openai::types::chat::{ChatCompletionTool, ChatCompletionTools, FunctionObject};
use serde_json::{Map, Value, json};

/// A tool with one argument, which has this JSON schema.
pub fn offered(name: &str, description: &str, argument: &str, schema: Value) -> ChatCompletionTools {
    let properties = Map::from_iter([(argument.to_owned(), schema)]);
    let parameters = json!({"type": "object", "properties": properties, "required": [argument]});
    ChatCompletionTools::Function(ChatCompletionTool {
        function: FunctionObject {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            parameters: Some(parameters),
            strict: None,
        },
    })
}
