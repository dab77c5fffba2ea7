//! Tokens in a body that are not its code: attributes, functions inside of it, and what macros take as text.

use proc_macro2::{Delimiter, TokenTree};

use crate::parse::{is_group, is_punct};

/// Macros that take code as text, or as code of somebody else.
const QUOTING: &[&str] =
    &["macro_rules", "parse_quote", "parse_quote_spanned", "quote", "quote_spanned", "stringify"];

/// Where tokens that begin at `start` and are not code of this body end, if they do begin there.
pub(crate) fn end_of_foreign(tokens: &[TokenTree], start: usize) -> Option<usize> {
    let next = tokens.get(start + 1);
    let is_negated = is_punct(next, '!');
    match &tokens[start] {
        TokenTree::Punct(hash) if hash.as_char() == '#' => {
            let group = start + 1 + usize::from(is_negated);
            is_group(tokens.get(group)?, Delimiter::Bracket).then_some(group + 1)
        }
        TokenTree::Ident(word) if word == "fn" && matches!(next, Some(TokenTree::Ident(_))) => {
            end_of(tokens, start, |token| is_group(token, Delimiter::Brace))
        }
        TokenTree::Ident(word) if is_negated && QUOTING.iter().any(|quoting| word == quoting) => {
            end_of(tokens, start, |token| matches!(token, TokenTree::Group(_)))
        }
        _ => None,
    }
}

fn end_of(tokens: &[TokenTree], start: usize, is_last: impl Fn(&TokenTree) -> bool) -> Option<usize> {
    tokens[start..].iter().position(is_last).map(|last| start + last + 1)
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    /// Compares what is left when everything foreign is taken out.
    #[track_caller]
    fn check(tokens: TokenStream, expected: &str) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut left, mut at) = (TokenStream::new(), 0);
        while at < tokens.len() {
            let end = end_of_foreign(&tokens, at);
            left.extend(tokens.get(at).filter(|_| end.is_none()).cloned());
            at = end.unwrap_or(at + 1);
        }
        assert_eq!(left.to_string(), expected);
    }

    #[test]
    fn attributes_functions_and_quoted_code_are_foreign() {
        check(quote!(#[a(b)] let c = 1;), "let c = 1 ;");
        check(quote!(#![a] b), "b");
        check(quote! { async fn a<T>() -> [u8; { 1 }] where T: B { c } mod d; }, "async mod d ;");
        check(quote! { macro_rules! a { (b) => { c } } mod d; }, "mod d ;");
        check(quote!(stringify!(a) + quote! { b }), "+");
    }

    #[test]
    fn code_is_not() {
        check(quote!(let a: fn(u8) -> u8 = b;), "let a : fn (u8) -> u8 = b ;");
        check(quote!(select! { a } quote(b) || !c), "select ! { a } quote (b) || ! c");
    }
}
