//! Is what `capture(..)` names a part of what the attribute is about, and is it there?

use crate::diagnostics::{Errors, list, unknown};
use crate::model::{Comes, Operation, Part, Spec, names_of};
use crate::parse::{Captured, Function};

/// Notes what is no part of the content, or is not given as that part is.
pub(crate) fn check_captured(
    operation: &Operation,
    captured: &[Captured],
    parameters: &[String],
    errors: &mut Errors,
) {
    for (index, one) in captured.iter().enumerate() {
        let (word, span) = (one.word.to_string(), one.word.span());
        let message = match operation.part(one) {
            None => no_part(operation, one, &word, parameters),
            Some(_) if captured[..index].iter().any(|earlier| earlier.word == one.word) => {
                format!("`{word}` is given twice")
            }
            Some(Part { comes: Comes::Given, .. }) if one.value.is_none() => {
                format!("`{word}` needs a value: `{word} = value`")
            }
            Some(Part { comes: Comes::Returned, .. }) if one.value.is_some() => {
                format!("`{word}` is what the function returns: write it without a value")
            }
            Some(_) => continue,
        };
        errors.at(span, message);
    }
}

fn no_part(operation: &Operation, captured: &Captured, word: &str, parameters: &[String]) -> String {
    let words = words_of(operation);
    if words.is_empty() {
        return format!(
            "`#[{}]` has no content\n`capture = \"call\"` and `capture = \"poll\"` say when an `async fn` takes its context",
            operation.attribute
        );
    }
    let others = Operation::ALL.into_iter().filter(|other| other.part(captured).is_some());
    let others: Vec<String> = others.map(|other| format!("#[{}]", other.attribute)).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    match others[..] {
        [] if captured.value.is_none() && parameters.iter().any(|name| name == word) => {
            format!(
                "to capture a parameter, say what it is: `{} = {word}`\nvalid: {}",
                words[0],
                list(&words)
            )
        }
        [] => unknown("content", word, &words),
        _ => format!("`{word}` is content of {}\nvalid here: {}", list(&others), list(&words)),
    }
}

fn words_of(operation: &Operation) -> Vec<&'static str> {
    operation.parts.iter().map(|part| part.word).collect()
}

/// What is returned has to be there, and of a type that is known. Streams of a model are read by their items.
pub(super) fn check_captured_can_be_seen(spec: &Spec, function: &Function, errors: &mut Errors) {
    check_captured(spec.operation, &spec.captured, &names_of(function), errors);
    for captured in &spec.captured {
        let is_returned = spec.operation.part(captured).is_some_and(|part| part.comes == Comes::Returned);
        if is_returned && !spec.operation.sees_returned(function) {
            let word = &captured.word;
            errors.at(word.span(), format!("`{word}` needs a returned value of a named type"));
        }
    }
}
