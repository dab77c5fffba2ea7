//! Which tools the stand-in model calls: one whose arguments it finds in the question, or in what other tools returned.

use serde_json::{Map, Value};

use super::turn::Call;
use crate::words;

/// What is known when a tool is looked for.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// What the user asked.
    pub(super) question: &'a str,
    /// What tools returned since.
    pub(super) results: &'a [Value],
    /// The names of the tools that were called since.
    pub(super) called: &'a [&'a str],
}

/// The calls of the first of the tools that can be called and was not called yet; none is a reason to answer.
pub(super) fn calls(tools: &[Value], known: &Known<'_>) -> Vec<Call> {
    tools
        .iter()
        .map(|tool| of_tool(&tool["function"], known))
        .find(|calls| !calls.is_empty())
        .unwrap_or_default()
}

fn of_tool(function: &Value, known: &Known<'_>) -> Vec<Call> {
    let name = function["name"].as_str().unwrap_or_default();
    // It only knows tools with one argument.
    let argument = function["parameters"]["properties"].as_object().and_then(|all| all.iter().next());
    let Some((key, schema)) = argument.filter(|_| !known.called.contains(&name)) else { return Vec::new() };
    let values = values(name, key, schema, known);
    let call = |value| {
        let arguments = Value::Object(Map::from_iter([(key.clone(), Value::String(value))])).to_string();
        Call { name: name.to_owned(), arguments }
    };
    values.into_iter().map(call).collect()
}

/// The values to call the tool with: several are several calls.
fn values(name: &str, key: &str, schema: &Value, known: &Known<'_>) -> Vec<String> {
    if let Some(listed) = schema["enum"].as_array() {
        return if is_named(name, known.question) { named(listed, known.question) } else { None }
            .into_iter()
            .collect();
    }
    match key {
        "query" => vec![known.question.to_owned()],
        "topic" if known.results.is_empty() => topics(known.question),
        "expression" => quotient(known).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether the question has the words of a tool's name.
fn is_named(name: &str, question: &str) -> bool {
    let asked = words::stems(&question.replace("How many", "count"));
    words::stems(&name.replace('_', " ")).is_subset(&asked)
}

/// The longest of the listed values that the question contains.
fn named(listed: &[Value], question: &str) -> Option<String> {
    let question = question.to_lowercase();
    let found =
        listed.iter().filter_map(Value::as_str).filter(|value| question.contains(&value.to_lowercase()));
    found.max_by_key(|value| value.len()).map(str::to_owned)
}

/// The questions that a question is made of: "What is A, and what is B?" are two.
fn topics(question: &str) -> Vec<String> {
    let parts = question.trim_end_matches('?').split(", ");
    let parts = parts.map(|part| part.strip_prefix("and ").unwrap_or(part).trim());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The words that a tool counted, by the number in the question: "at 200 words a minute".
fn quotient(known: &Known<'_>) -> Option<String> {
    let counted = known.results.iter().find_map(|result| result["words"].as_u64())?;
    let mut numbers = known.question.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    Some(format!("{counted} / {}", numbers.next()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(tool: Value, question: &str, results: &[Value], expected: &[&str]) {
        let known = Known { question, results, called: &["called_already"] };
        let calls = calls(&[json!({"type": "function", "function": tool})], &known);
        let arguments: Vec<&str> = calls.iter().map(|call| call.arguments.as_str()).collect();
        assert_eq!(arguments, expected, "{question}");
    }

    fn tool(name: &str, key: &str) -> Value {
        json!({"name": name, "parameters": {"properties": {key: {"type": "string"}}}})
    }

    #[test]
    fn a_tool_that_the_question_names_is_called_with_the_longest_listed_value_in_it() {
        let schema = json!({"enum": ["Crabs", "Crabs at Sea"]});
        let count = json!({"name": "count_words", "parameters": {"properties": {"chapter": schema}}});
        let expected = [r#"{"chapter":"Crabs at Sea"}"#];
        check(count.clone(), "How many words does \"Crabs at Sea\" have?", &[], &expected);
        check(count.clone(), "Who wrote \"Crabs at Sea\"?", &[], &[]);
        check(count, "How many words does \"Fish\" have?", &[], &[]);
    }

    #[test]
    fn a_question_made_of_several_is_researched_in_as_many_calls() {
        let expected = [r#"{"topic":"What is a crab"}"#, r#"{"topic":"what is a fish"}"#];
        let question = "What is a crab, and what is a fish?";
        check(tool("research", "topic"), question, &[], &expected);
        check(tool("research", "topic"), question, &[json!({"text": "A fish."})], &[]);
    }

    #[test]
    fn what_was_counted_is_divided_by_the_number_of_the_question() {
        let question = "How long at 200 words a minute?";
        let expected = [r#"{"expression":"700 / 200"}"#];
        check(tool("calculate", "expression"), question, &[json!({"words": 700})], &expected);
        check(tool("calculate", "expression"), question, &[], &[]);
    }

    #[test]
    fn no_tool_is_called_twice() {
        check(tool("search", "query"), "Who?", &[], &[r#"{"query":"Who?"}"#]);
        check(tool("called_already", "query"), "Who?", &[], &[]);
    }
}
