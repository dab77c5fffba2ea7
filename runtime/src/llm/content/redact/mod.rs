//! What must not be recorded is replaced: by the program's own hooks, then by patterns.
//!
//! The patterns are scanned for by hand, in one pass: a prompt of 32 KiB took `regex-lite` 35 ms, which is more than a
//! model's answer may be delayed.

mod mail;
mod number;
mod scan;
mod secret;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::llm::content::media::data_url;
use crate::llm::content::policy::Content;
use crate::llm::content::tree::{Text, Tree};
use crate::report;

/// What is found by its look, and replaced by its name in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pattern {
    /// Mail addresses: `[mail]`.
    Mail,
    /// Phone numbers with `+`, with an area code that begins with 0, or grouped as in North America: `[phone]`. Digits in
    /// one piece are mostly other things, and stay.
    Phone,
    /// Numbers of payment cards, whose check digit is right: `[card]`.
    Card,
    /// Keys of well-known services, such as `sk-..`, `AKIA..`, `ghp_..`, `xoxb-..`, and private keys in PEM: `[key]`.
    Key,
    /// What follows `Bearer`, and JSON web tokens: `[token]`.
    Token,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Mail, Self::Phone, Self::Card, Self::Key, Self::Token];

    const fn replacement(self) -> &'static str {
        match self {
            Self::Mail => "[mail]",
            Self::Phone => "[phone]",
            Self::Card => "[card]",
            Self::Key => "[key]",
            Self::Token => "[token]",
        }
    }
}

/// What stands in the place of a text that a hook panicked over.
const UNREDACTED: &str = "[not recorded: its redaction panicked]";

/// Redacts every text in `tree`.
pub(super) fn redact(tree: &mut Tree, content: &Content) {
    match tree {
        Tree::Text(text) => match data_url(text) {
            // Nobody reads it, and it would take the room of what is read.
            Some((mime_type, bytes)) => *tree = Tree::word(&format!("[{mime_type}, {bytes} bytes]")),
            None => redact_text(text, content),
        },
        Tree::Number(number) if !number.is_f64() => {
            let digits = number.to_string();
            if let Cow::Owned(replaced) = scan::replace(&digits, &content.patterns) {
                *tree = Tree::text(replaced);
            }
        }
        Tree::List(list) => list.iter_mut().for_each(|element| redact(element, content)),
        Tree::Map(fields) => fields.iter_mut().for_each(|(key, value)| {
            if let Cow::Owned(replaced) = scan::replace(key, &content.patterns) {
                *key = replaced;
            }
            redact(value, content);
        }),
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Word(_) | Tree::Bytes(_) => {}
    }
}

fn redact_text(text: &mut Text, content: &Content) {
    let unread = text.bytes - text.kept.len();
    for hook in &content.hooks {
        match catch_unwind(AssertUnwindSafe(|| hook(&text.kept).into_owned())) {
            Ok(changed) => text.kept = changed,
            Err(_) => {
                report::once(
                    UNREDACTED,
                    "a redaction hook of `Content::redact` panicked; what it was to redact is not recorded",
                );
                *text = Text::whole(UNREDACTED);
                return;
            }
        }
    }
    if let Cow::Owned(replaced) = scan::replace(&text.kept, &content.patterns) {
        text.kept = replaced;
    }
    text.bytes = text.kept.len() + unread;
}
