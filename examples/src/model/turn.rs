//! What the stand-in model says: a call of an offered tool, or sentences of what it was given. It knows nothing else.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::tools::{self, Known};
use crate::words::stems;

/// How many sentences an answer has at most.
const SENTENCES: usize = 3;

/// The model's turn.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The text of an answer.
    Say(String),
    /// Calls of tools.
    Call(Vec<Call>),
}

/// A call of a tool, by its name, with its arguments as JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: String,
}

/// Decides what comes next in a conversation, from the request's messages and tools alone.
pub(super) fn reply(request: &Value) -> Turn {
    let list = |key: &str| request[key].as_array().map_or(&[][..], Vec::as_slice);
    let messages = list("messages");
    let question = messages.iter().rfind(|message| message["role"] == "user").map_or("", text);
    let results: Vec<Value> =
        messages.iter().filter(|message| message["role"] == "tool").map(result).collect();
    let called: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["tool_calls"].as_array())
        .flatten()
        .filter_map(|call| call["function"]["name"].as_str())
        .collect();
    let known = Known { question, results: &results, called: &called };
    let calls = tools::calls(list("tools"), &known);
    if !calls.is_empty() {
        return Turn::Call(calls);
    }
    let mut passages = passages(messages);
    passages.extend(results.iter().flat_map(found));
    Turn::Say(match results.last() {
        Some(result) if found(result).is_empty() => report(result),
        _ => quote(question, &passages),
    })
}

fn text(message: &Value) -> &str {
    message["content"].as_str().unwrap_or_default()
}

/// What a tool returned: JSON, or the text that it is.
fn result(message: &Value) -> Value {
    serde_json::from_str(text(message)).unwrap_or_else(|_| text(message).into())
}

/// The passages that a tool returned, alone or in a list: they are quoted without a number.
fn found(result: &Value) -> Vec<(Option<usize>, String)> {
    let one = |passage: &Value| passage["text"].as_str().map(|text| (None, text.to_owned()));
    match result {
        Value::Array(passages) => passages.iter().filter_map(one).collect(),
        passage => one(passage).into_iter().collect(),
    }
}

/// Puts what a tool returned into a sentence.
fn report(result: &Value) -> String {
    match result {
        Value::Object(result) => {
            let facts: Vec<String> = result.iter().map(|(key, value)| format!("{key} {value}")).collect();
            format!("According to the tool: {}.", facts.join(", "))
        }
        Value::String(result) => format!("The tool answered: {result}"),
        result => format!("The tool answered: {result}"),
    }
}

/// The passages of a prompt by their numbers: each begins with a line such as `[2] Chapter > Section`.
fn passages(messages: &[Value]) -> Vec<(Option<usize>, String)> {
    let mut passages: Vec<(Option<usize>, String)> = Vec::new();
    for line in messages.iter().filter(|message| message["role"] == "system").flat_map(|m| text(m).lines()) {
        let number = line.strip_prefix('[').and_then(|rest| rest.split_once(']')?.0.parse().ok());
        match (number, passages.last_mut()) {
            (Some(_), _) => passages.push((number, String::new())),
            (None, Some((_, passage))) => {
                passage.push_str(line);
                passage.push('\n');
            }
            (None, None) => {}
        }
    }
    passages
}

/// The sentences that share the rarest words with the question, in reading order, each with its passage's number.
fn quote(question: &str, passages: &[(Option<usize>, String)]) -> String {
    let sentences: Vec<(Option<usize>, String, HashSet<String>)> = passages
        .iter()
        .flat_map(|(number, passage)| sentences(passage).into_iter().map(move |text| (*number, text)))
        .map(|(number, text)| (number, stems(&text), text))
        .map(|(number, stems, text)| (number, text, stems))
        .collect();
    let mut frequency: HashMap<&str, f64> = HashMap::new();
    for stem in sentences.iter().flat_map(|(_, _, stems)| stems) {
        *frequency.entry(stem).or_default() += 1.0;
    }
    let asked = stems(question);
    let mut scored: Vec<(f64, usize)> = sentences
        .iter()
        .enumerate()
        .map(|(at, (_, _, stems))| {
            let shared: f64 =
                stems.intersection(&asked).map(|stem| 1.0 / frequency[stem.as_str()].sqrt()).sum();
            (shared / (8.0 + stems.len() as f64).sqrt(), at)
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = scored.into_iter().take(SENTENCES).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    if chosen.is_empty() {
        return "The passages do not answer that.".to_owned();
    }
    let quoted: Vec<String> = chosen
        .into_iter()
        .map(|at| match &sentences[at] {
            (Some(number), text, _) => format!("{text} [{number}]"),
            (None, text, _) => text.clone(),
        })
        .collect();
    quoted.join(" ")
}

/// Marks the end of a sentence while a text is cut.
const END: char = '\u{0}';

/// The sentences of a passage: its code and the captions of listings are left out, and a list belongs to the
/// sentence with the colon before it.
fn sentences(passage: &str) -> Vec<String> {
    let mut prose = String::new();
    for paragraph in paragraphs(passage) {
        let listed = paragraph.starts_with("- ");
        let introduced = prose.trim_end().ends_with(':');
        if !(listed && introduced) {
            prose.push(END);
        }
        let text = if listed { paragraph.replace(".- ", "; ").replace("- ", "") } else { paragraph };
        prose.push_str(&text.replace(". ", ".\0").replace("? ", "?\0").replace("! ", "!\0"));
        prose.push(' ');
    }
    let sentences = prose.split(END).map(|sentence| sentence.trim().to_owned());
    sentences.filter(|sentence| sentence.ends_with(['.', '!']) && sentence.len() > 20).collect()
}

/// The paragraphs of prose, each on one line; the items of a list follow each other as `.- `.
fn paragraphs(passage: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut fenced = false;
    for line in passage.lines() {
        let fence = line.starts_with("```");
        fenced ^= fence;
        match paragraphs.last_mut() {
            Some(paragraph) if !(fenced || fence || line.trim().is_empty()) => {
                if !paragraph.is_empty() && !line.starts_with("- ") {
                    paragraph.push(' ');
                }
                paragraph.push_str(line.trim());
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs
        .retain(|text| !text.is_empty() && !text.starts_with("Listing ") && !text.starts_with("Filename:"));
    paragraphs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(question: &str) -> Value {
        let system = "Answer from these passages.\n\n[1] A > B\nA crab is red. It walks sideways.\n\n\
                      ```\nlet crab = red;\n```\n\n[2] C > D\nEvery owner of a crab must feed it daily.\n";
        let tool = json!({"type": "function", "function": {
            "name": "count_words",
            "parameters": {"properties": {"chapter": {"enum": ["Crabs", "Crabs at Sea"]}}},
        }});
        json!({
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": question}],
            "tools": [tool],
        })
    }

    #[test]
    fn an_answer_quotes_the_prompt_and_says_from_which_passage() {
        let Turn::Say(answer) = reply(&request("What must owners do?")) else { panic!("a call") };
        assert_eq!(answer, "Every owner of a crab must feed it daily. [2]");
    }

    #[test]
    fn a_list_stays_with_the_sentence_that_introduces_it_and_code_is_no_prose() {
        let passage = "Crabs do these:\n\n- They walk.\n- They swim\n  sideways.\n\nListing 1: crabs\n\n\
                       Now look at this listing, as in\nListing 1. It runs.\n\n```\nlet a = 1. ;\n```\n";
        let expected =
            ["Crabs do these: They walk; They swim sideways.", "Now look at this listing, as in Listing 1."];
        assert_eq!(sentences(passage), expected);
    }

    #[test]
    fn what_the_prompt_does_not_say_is_not_answered() {
        let turn = reply(&request("Where is Paris?"));
        assert_eq!(turn, Turn::Say("The passages do not answer that.".to_owned()));
    }

    #[test]
    fn a_question_for_a_number_of_words_calls_the_tool_with_the_longest_title_named() {
        let turn = reply(&request("How many words does \"Crabs at Sea\" have?"));
        let arguments = r#"{"chapter":"Crabs at Sea"}"#.to_owned();
        assert_eq!(turn, Turn::Call(vec![Call { name: "count_words".to_owned(), arguments }]));
    }

    /// The turn after the tool `count_words` returned this.
    fn after(result: &str) -> Turn {
        let mut request = request("How many words does \"Crabs\" have?");
        let call = json!({"function": {"name": "count_words", "arguments": "{}"}});
        let messages = request["messages"].as_array_mut().unwrap();
        messages.push(json!({"role": "assistant", "tool_calls": [call]}));
        messages.push(json!({"role": "tool", "content": result}));
        reply(&request)
    }

    #[test]
    fn the_result_of_a_tool_is_told_in_a_sentence() {
        assert_eq!(after(r#"{"words":7}"#), Turn::Say("According to the tool: words 7.".to_owned()));
        assert_eq!(after("error: no"), Turn::Say("The tool answered: error: no".to_owned()));
    }

    #[test]
    fn what_a_tool_found_is_quoted_beside_the_prompt_without_a_number() {
        let result =
            json!([{"text": "Nothing of that kind here."}, {"text": "Crabs have seven words at most."}]);
        let expected =
            "Every owner of a crab must feed it daily. [2] Crabs have seven words at most.".to_owned();
        assert_eq!(after(&result.to_string()), Turn::Say(expected));
    }
}
