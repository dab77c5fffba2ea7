//! What the stand-in model says: sentences of its prompt, or a call of an offered tool. It knows nothing else.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use tantivy::tokenizer::TokenStream as _;

use crate::search;

/// How many sentences an answer has at most.
const SENTENCES: usize = 3;

/// The model's turn.
#[derive(Debug, PartialEq)]
pub(crate) enum Turn {
    /// The text of an answer.
    Say(String),
    /// A call of a tool, by its name, with its arguments as JSON.
    Call { name: String, arguments: String },
}

/// Decides what comes next in a conversation, from the request's messages and tools alone.
pub(crate) fn reply(request: &Value) -> Turn {
    let messages = request["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let last = messages.last().unwrap_or(&Value::Null);
    if last["role"] == "tool" {
        return Turn::Say(report(text(last)));
    }
    let question = text(last);
    let tools = request["tools"].as_array().map_or(&[][..], Vec::as_slice);
    tools
        .iter()
        .find_map(|tool| call(&tool["function"], question))
        .unwrap_or_else(|| Turn::Say(quote(question, &passages(messages))))
}

fn text(message: &Value) -> &str {
    message["content"].as_str().unwrap_or_default()
}

/// A call of the tool, if the question has the words of its name; each argument is the listed value that the
/// question names.
fn call(function: &Value, question: &str) -> Option<Turn> {
    let name = function["name"].as_str()?;
    let asked = stems(&question.replace("How many", "count"));
    if !stems(&name.replace('_', " ")).is_subset(&asked) {
        return None;
    }
    let properties = function["parameters"]["properties"].as_object()?;
    let arguments: Option<serde_json::Map<String, Value>> = properties
        .iter()
        .map(|(key, schema)| Some((key.clone(), named(schema["enum"].as_array()?, question)?)))
        .collect();
    Some(Turn::Call { name: name.to_owned(), arguments: Value::Object(arguments?).to_string() })
}

/// The longest of the values that the question contains.
fn named(values: &[Value], question: &str) -> Option<Value> {
    let question = question.to_lowercase();
    let found =
        values.iter().filter_map(Value::as_str).filter(|value| question.contains(&value.to_lowercase()));
    found.max_by_key(|value| value.len()).map(|value| json!(value))
}

/// Puts what a tool returned into a sentence.
fn report(result: &str) -> String {
    match serde_json::from_str::<Value>(result) {
        Ok(Value::Object(result)) => {
            let facts: Vec<String> = result.iter().map(|(key, value)| format!("{key} {value}")).collect();
            format!("According to the tool: {}.", facts.join(", "))
        }
        _ => format!("The tool answered: {result}"),
    }
}

/// The passages of a prompt by their numbers: each begins with a line such as `[2] Chapter > Section`.
fn passages(messages: &[Value]) -> Vec<(usize, String)> {
    let mut passages: Vec<(usize, String)> = Vec::new();
    for line in messages.iter().filter(|message| message["role"] == "system").flat_map(|m| text(m).lines()) {
        let number = line.strip_prefix('[').and_then(|rest| rest.split_once(']')?.0.parse().ok());
        match (number, passages.last_mut()) {
            (Some(number), _) => passages.push((number, String::new())),
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
fn quote(question: &str, passages: &[(usize, String)]) -> String {
    let sentences: Vec<(usize, String, HashSet<String>)> = passages
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
    let quoted: Vec<String> =
        chosen.into_iter().map(|at| format!("{} [{}]", sentences[at].1, sentences[at].0)).collect();
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

/// The stems of a text's words.
fn stems(text: &str) -> HashSet<String> {
    let mut analyzer = search::analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut stems = HashSet::new();
    stream.process(&mut |token| {
        stems.insert(token.text.clone());
    });
    stems
}

#[cfg(test)]
mod tests {
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
        assert_eq!(turn, Turn::Call { name: "count_words".to_owned(), arguments });
    }

    #[test]
    fn the_result_of_a_tool_is_told_in_a_sentence() {
        let mut request = request("How many words does \"Crabs\" have?");
        let result = json!({"role": "tool", "content": r#"{"words":7}"#});
        request["messages"].as_array_mut().unwrap().push(result);
        assert_eq!(reply(&request), Turn::Say("According to the tool: words 7.".to_owned()));
    }
}
