//! What the model may call.

use anyhow::Context as _;
use async_openai::types::chat::ChatCompletionTools;
use serde::Deserialize;
use serde_json::json;
use throughline::tool_span;

use throughline_examples::{book, tool};

/// The tools as the model is told of them.
pub(crate) fn offered() -> Vec<ChatCompletionTools> {
    let titles: Vec<&str> = book::CHAPTERS.iter().map(|chapter| chapter.title).collect();
    let schema = json!({"type": "string", "enum": titles});
    vec![tool::offered("count_words", "Counts the words of a chapter of the book.", "chapter", schema)]
}

/// Runs the tool of that name with arguments as the model wrote them.
pub(crate) fn run(name: &str, call_id: &str, arguments: &str) -> anyhow::Result<String> {
    match name {
        "count_words" => count_words(call_id, arguments),
        other => anyhow::bail!("there is no tool named {other:?}"),
    }
}

#[derive(Deserialize)]
struct CountWords {
    chapter: String,
}

#[tool_span(name = "count_words", call_id = call_id, type = "function", capture(arguments = arguments, result))]
fn count_words(call_id: &str, arguments: &str) -> anyhow::Result<String> {
    let CountWords { chapter } = serde_json::from_str(arguments).context("arguments that do not fit")?;
    let found = book::chapter(&chapter).with_context(|| format!("there is no chapter {chapter:?}"))?;
    Ok(json!({"chapter": found.title, "words": found.words()}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_the_chapter_of_any_offered_title() {
        for chapter in book::CHAPTERS {
            let result =
                run("count_words", "call_1", &json!({"chapter": chapter.title}).to_string()).unwrap();
            let result: serde_json::Value = serde_json::from_str(&result).unwrap();
            assert_eq!(result["words"], chapter.text.split_whitespace().count());
        }
    }

    #[test]
    fn what_the_model_gets_wrong_is_an_error_that_says_what() {
        let error = |name, arguments| run(name, "call_1", arguments).unwrap_err().to_string();
        assert_eq!(error("fly", "{}"), "there is no tool named \"fly\"");
        assert_eq!(error("count_words", "{}"), "arguments that do not fit");
        assert_eq!(error("count_words", r#"{"chapter":"Zig"}"#), "there is no chapter \"Zig\"");
    }
}
