//! Redacts content, makes it fit, and writes it on a span.

use crate::context::key::Key;
use crate::llm::content::fit::{fit, fit_text};
use crate::llm::content::message::{Message, Part};
use crate::llm::content::policy::Content;
use crate::llm::content::redact::redact;
use crate::llm::content::tree::Tree;
use crate::span::{Value, current};

/// Writes a list of messages.
pub(super) fn messages(key: &Key, name: &str, messages: Tree, content: &Content) {
    let left_out =
        |count| Message::new("system", vec![Part::text(format!("[{count} messages left out]"))]).into_tree();
    write(key, name, messages, content, left_out);
}

/// Writes any other data.
pub(super) fn data(key: &Key, name: &str, data: Tree, content: &Content) {
    write(key, name, data, content, |count| Tree::word(&format!("[{count} left out]")));
}

fn write(key: &Key, name: &str, mut data: Tree, content: &Content, left_out: fn(usize) -> Tree) {
    redact(&mut data, content);
    let text = match data {
        Tree::Text(text) => fit_text(text, content.max_bytes),
        data => fit(data, content.max_bytes, left_out),
    };
    if let Some(text) = text {
        current::set_on(key, name, Value::Str(&text));
    }
}
