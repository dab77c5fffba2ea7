//! A body that ends in an async block: `async move { .. }` or `Box::pin(async move { .. })`, which is also what
//! `#[async_trait]` makes of an async method. The span is then that of the block, and nothing needs to be parsed.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::parse::{held_all, is_of_path};

/// The parts of a body that ends in an async block.
pub(crate) struct Tail {
    /// The statements before.
    pub(crate) before: TokenStream,
    /// `Box::pin`, if the block is in a box.
    pub(crate) pin: TokenStream,
    /// `async` or `async move`.
    pub(crate) keywords: TokenStream,
    /// The block.
    pub(crate) block: Group,
}

impl Tail {
    /// The parts of `body`, if it ends that way.
    pub(crate) fn of(body: &TokenStream) -> Option<Self> {
        let mut tokens: Vec<TokenTree> = body.clone().into_iter().collect();
        match tokens.pop()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let pin = take_path(&mut tokens)?;
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let (keywords, block) = async_block(&inner)?;
                starts_statement(&tokens).then(|| Self { before: held_all(tokens), pin, keywords, block })
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let start = tokens.iter().rposition(|token| !is_keyword(token)).map_or(0, |last| last + 1);
                let mut keywords = tokens.split_off(start);
                keywords.push(TokenTree::Group(group));
                let (keywords, block) = async_block(&keywords)?;
                starts_statement(&tokens).then(|| Self {
                    before: held_all(tokens),
                    pin: TokenStream::new(),
                    keywords,
                    block,
                })
            }
            _ => None,
        }
    }
}

fn is_keyword(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "async" || word == "move")
}

/// `async { .. }` or `async move { .. }`, and nothing else.
fn async_block(tokens: &[TokenTree]) -> Option<(TokenStream, Group)> {
    let (last, keywords) = tokens.split_last()?;
    let TokenTree::Group(block) = last else { return None };
    let words: Vec<String> = keywords.iter().map(ToString::to_string).collect();
    let is_async =
        matches!(words.iter().map(String::as_str).collect::<Vec<_>>()[..], ["async"] | ["async", "move"]);
    (is_async && block.delimiter() == Delimiter::Brace)
        .then(|| (keywords.iter().cloned().collect(), block.clone()))
}

/// Takes `Box::pin`, with what may be before it in the path, off the end.
fn take_path(tokens: &mut Vec<TokenTree>) -> Option<TokenStream> {
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "return" || word == "else");
    let start =
        tokens.iter().rposition(|token| is_keyword(token) || !is_of_path(token)).map_or(0, |last| last + 1);
    let path = tokens.split_off(start);
    let words: Vec<String> =
        path.iter().filter(|token| matches!(token, TokenTree::Ident(_))).map(ToString::to_string).collect();
    words.ends_with(&["Box".to_owned(), "pin".to_owned()]).then(|| path.into_iter().collect())
}

fn starts_statement(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_block_at_the_end_is_found() {
        let tail = Tail::of(&quote!(let x = 1; async move { x })).unwrap();
        assert_eq!(tail.before.to_string(), "let x = 1 ;");
        assert_eq!(tail.keywords.to_string(), "async move");
        assert!(tail.pin.is_empty());
        let tail = Tail::of(&quote!(::std::boxed::Box::pin(async { 1 }))).unwrap();
        assert_eq!(tail.pin.to_string(), ":: std :: boxed :: Box :: pin");
        assert!(tail.before.is_empty());
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        assert!(Tail::of(&quote!(self.call(async move { 1 }))).is_none());
        assert!(Tail::of(&quote!(async move { 1 }.boxed())).is_none());
        assert!(Tail::of(&quote!(x = async move { 1 })).is_none());
        assert!(Tail::of(&quote!(return Box::pin(async move { 1 }))).is_none());
        assert!(Tail::of(&quote!(Box::pin(first(), async { 1 }))).is_none());
    }
}
