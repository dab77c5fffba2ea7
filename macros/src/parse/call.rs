//! A call of a function by its path, found among tokens that are not parsed.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{AngleBracketedGenericArguments, Expr, GenericArgument, Token};

use crate::parse::{held_all, is_punct};

/// `tokio::spawn`: a path of several words, where another does not go on.
pub(crate) struct CalledPath {
    pub(crate) words: Vec<String>,
    /// The place of the token after it.
    end: usize,
}

impl CalledPath {
    /// The path that begins with the token at `start`.
    pub(crate) fn at(tokens: &[TokenTree], start: usize) -> Option<Self> {
        // Most words are no path: the first check is the cheapest.
        let mut end = start + 1;
        if !is_colons(tokens.get(end..)?) || !begins_path(&tokens[..start]) {
            return None;
        }
        let mut words = vec![word(&tokens[start])?];
        while is_colons(&tokens[end..])
            && let Some(word) = tokens.get(end + 2).and_then(word)
        {
            words.push(word);
            end += 3;
        }
        Some(Self { words, end })
    }
}

/// `::<_>(argument)`: what follows the path in a call with one argument.
pub(crate) struct Call {
    /// What the turbofish has, if there is one.
    pub(crate) generics: Vec<GenericArgument>,
    /// The place of the parentheses among the tokens.
    pub(crate) at: usize,
    /// The parentheses, with the argument in them.
    pub(crate) parentheses: Group,
}

impl Call {
    /// The call of the function with this path.
    pub(crate) fn of(path: &CalledPath, tokens: &[TokenTree]) -> Option<Self> {
        let (mut generics, mut at) = (Vec::new(), path.end);
        if is_colons(&tokens[at..]) {
            let rest;
            (generics, rest) = turbofish.parse2(tokens[at..].iter().cloned().collect()).ok()?;
            at = tokens.len() - rest;
        }
        match tokens.get(at)? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                has_one_argument(group.stream()).then(|| Self { generics, at, parentheses: group.clone() })
            }
            _ => None,
        }
    }
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

fn is_joint(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign && punct.spacing() == Spacing::Joint)
}

/// Whether the tokens begin with `::`.
fn is_colons(tokens: &[TokenTree]) -> bool {
    is_joint(tokens.first(), ':') && is_punct(tokens.get(1), ':')
}

/// Whether what follows `before` is the beginning of a path, perhaps after a `::` of its own.
fn begins_path(before: &[TokenTree]) -> bool {
    let Some((before, colons)) = before.split_last_chunk::<2>() else { return true };
    if !is_colons(colons) {
        return true;
    }
    match before.last() {
        Some(TokenTree::Ident(word)) => is_keyword(&word.to_string()),
        // `=> ::tokio::spawn(..)`, but not `<T as Trait>::tokio::spawn(..)`.
        Some(TokenTree::Punct(punct)) if punct.as_char() == '>' => {
            is_joint(before.len().checked_sub(2).and_then(|at| before.get(at)), '=')
        }
        _ => true,
    }
}

/// Whether an expression can follow the word.
fn is_keyword(word: &str) -> bool {
    matches!(word, "return" | "break" | "in" | "match" | "if" | "while" | "else" | "yield")
}

/// The arguments of a turbofish, and how many tokens follow it.
fn turbofish(input: ParseStream<'_>) -> syn::Result<(Vec<GenericArgument>, usize)> {
    let generics = AngleBracketedGenericArguments::parse_turbofish(input)?;
    Ok((generics.args.into_iter().collect(), input.parse::<TokenStream>()?.into_iter().count()))
}

/// Whether there is one argument. Only where commas leave a doubt is it parsed.
fn has_one_argument(tokens: TokenStream) -> bool {
    let (argument, _) = without_comma(tokens);
    let has_comma = argument.clone().into_iter().any(|token| is_punct(Some(&token), ','));
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
    !argument.is_empty()
        && (!has_comma || arguments.parse2(argument).is_ok_and(|arguments| arguments.len() == 1))
}

/// An argument without the comma at its end, and that comma.
pub(crate) fn without_comma(tokens: TokenStream) -> (TokenStream, Option<TokenTree>) {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let comma = tokens.pop_if(|last| is_punct(Some(last), ','));
    (held_all(tokens), comma)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// Finds the call of `a::b` among the tokens, if there is one, and shows its argument.
    #[track_caller]
    fn check(tokens: TokenStream, expected: Option<&str>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let paths = (0..tokens.len()).filter_map(|start| CalledPath::at(&tokens, start));
        let mut paths = paths.filter(|path| path.words == ["a", "b"]);
        let found = paths.find_map(|path| Call::of(&path, &tokens));
        assert_eq!(found.map(|call| call.parentheses.stream().to_string()).as_deref(), expected);
    }

    #[test]
    fn a_call_by_path_is_found_wherever_it_stands() {
        check(quote!(a::b(1)), Some("1"));
        check(quote!(let x = ::a::b(1);), Some("1"));
        check(quote!(match x { _ => 1 } ::a::b(1)), Some("1"));
        check(quote!(_ => ::a::b(1)), Some("1"));
        check(quote!(return ::a::b(1)), Some("1"));
        check(quote!(S { field: a::b(1) }.field), None);
        check(quote!(field: a::b(1)), Some("1"));
        check(quote!(a::b::<Vec<fn() -> u8>, _>(1).c()), Some("1"));
    }

    #[test]
    fn another_path_is_another_function() {
        check(quote!(b(1)), None);
        check(quote!(c::a::b(1)), None);
        check(quote!(crate::a::b(1)), None);
        check(quote!(<T as C>::a::b(1)), None);
        check(quote!(a::b::c(1)), None);
        check(quote!(a::b!(1)), None);
        check(quote!(map(a::b)), None);
    }

    #[test]
    fn one_argument_is_told_from_several() {
        check(quote!(a::b()), None);
        check(quote!(a::b(1,)), Some("1 ,"));
        check(quote!(a::b(1, 2)), None);
        check(quote!(a::b(f::<u8, u8>(1))), Some("f :: < u8 , u8 > (1)"));
        check(quote!(a::b(|x, y| x)), Some("| x , y | x"));
    }
}
