//! What files may contain: `unsafe`, attribute keys, printing, absolute paths.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::source::{Source, is_ident, is_punct};

/// Whether the file has an `unsafe` block, function, impl or trait.
pub(crate) fn has_unsafe(source: &Source) -> bool {
    any_token(source.tokens.clone(), &|tokens, at| is_ident(&tokens[at], "unsafe"))
}

/// The macros of `names` that the file calls.
pub(crate) fn calls_macro(source: &Source, names: &[&str]) -> bool {
    any_token(source.tokens.clone(), &|tokens, at| {
        tokens.get(at + 1).is_some_and(|next| is_punct(next, '!'))
            && names.iter().any(|name| is_ident(&tokens[at], name))
    })
}

/// The string literals of the file, documentation and other attributes left out.
pub(crate) fn literals(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    collect_literals(source.tokens.clone(), &mut found);
    found
}

/// The namespaces of the keys in `semconv`: `gen_ai` of `gen_ai.usage.input_tokens`.
pub(crate) fn namespaces(semconv: &[Source]) -> BTreeSet<String> {
    let keys = semconv.iter().flat_map(literals).filter(|text| is_dotted(text));
    keys.filter_map(|key| key.split('.').next().map(str::to_owned)).collect()
}

/// Whether `text` reads as an attribute key of one of those namespaces.
pub(crate) fn is_key(text: &str, namespaces: &BTreeSet<String>) -> bool {
    is_dotted(text) && text.split('.').next().is_some_and(|first| namespaces.contains(first))
}

/// The first path in `text` that holds on one machine only.
pub(crate) fn absolute_path(text: &str) -> Option<&str> {
    // In two parts, so that this file does not find itself.
    let homes = [["/ho", "me/"], ["/ro", "ot/"], ["/wo", "rk/"], ["/Us", "ers/"], ["C:", "\\\\"]];
    homes.iter().find_map(|parts| {
        let at = text.find(&parts.concat())?;
        // `https://example.org/home/` is an address, and `src/home/` is relative.
        let before = text[..at].chars().next_back();
        let starts_here = before.is_none_or(|sign| !(sign.is_alphanumeric() || "._-}".contains(sign)));
        starts_here.then(|| text[at..].split_whitespace().next().unwrap_or(&text[at..]))
    })
}

fn is_dotted(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|sign: char| sign.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.contains('.') && text.split('.').all(part)
}

fn any_token(tokens: TokenStream, test: &impl Fn(&[TokenTree], usize) -> bool) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    (0..tokens.len()).any(|at| match &tokens[at] {
        TokenTree::Group(group) => any_token(group.stream(), test),
        _ => test(&tokens, at),
    })
}

fn collect_literals(tokens: TokenStream, found: &mut Vec<String>) {
    let mut after_hash = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) if !after_hash => collect_literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                found.extend(
                    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::to_owned),
                );
            }
            _ => {}
        }
        // Attributes, inner ones (`#![..]`) too.
        after_hash = is_punct(&token, '#') || (after_hash && is_punct(&token, '!'));
    }
}
