//! An attribute of an item, as tokens: it is passed on, and told more when it is one of ours.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::model::Operation;
use crate::parse::is_of_path;

/// `#[..]`.
#[derive(Clone)]
pub(crate) struct Annotation {
    pound: TokenTree,
    brackets: Group,
}

/// Whether an attribute is one of ours.
pub(crate) enum Ours {
    Never,
    Always,
    /// Under `#[cfg_attr(predicate, ..)]`.
    When(TokenStream),
}

impl Annotation {
    /// The attribute that `pound` and what follows it are.
    pub(super) fn of(pound: &TokenTree, next: &TokenTree) -> Option<Self> {
        match (pound, next) {
            (TokenTree::Punct(punct), TokenTree::Group(brackets))
                if punct.as_char() == '#' && brackets.delimiter() == Delimiter::Bracket =>
            {
                Some(Self { pound: pound.clone(), brackets: brackets.clone() })
            }
            _ => None,
        }
    }

    pub(crate) fn ours(&self) -> Ours {
        let content = Content::of(self.brackets.stream());
        match content.conditional() {
            _ if content.is_ours() => Ours::Always,
            Some((predicate, attributes)) if attributes.iter().any(Content::is_ours) => Ours::When(predicate),
            _ => Ours::Never,
        }
    }

    /// `#[unsafe(naked)]`: the body is assembly, and nothing can be around it.
    pub(super) fn is_naked(&self) -> bool {
        ["naked", "unsafe (naked)"].contains(&self.brackets.stream().to_string().as_str())
    }

    /// The attribute with one argument more, in front of the others, where it is one of ours.
    pub(crate) fn with(&self, argument: &TokenStream) -> TokenStream {
        let mut brackets = Group::new(Delimiter::Bracket, Content::of(self.brackets.stream()).with(argument));
        brackets.set_span(self.brackets.span());
        let pound = &self.pound;
        quote!(#pound #brackets)
    }
}

impl ToTokens for Annotation {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.pound.to_tokens(tokens);
        self.brackets.to_tokens(tokens);
    }
}

/// What is between the brackets: a path, and what follows it.
struct Content {
    path: Vec<TokenTree>,
    rest: Vec<TokenTree>,
}

impl Content {
    fn of(tokens: TokenStream) -> Self {
        let mut path: Vec<TokenTree> = tokens.into_iter().collect();
        let end = path.iter().position(|token| !is_of_path(token)).unwrap_or(path.len());
        let rest = path.split_off(end);
        Self { path, rest }
    }

    /// Whether it is one of our attributes, whatever path it is called by, in a form that takes arguments.
    fn is_ours(&self) -> bool {
        let named = self.path.last().is_some_and(|name| Operation::named(&name.to_string()).is_some());
        named && matches!(self.rest[..], [] | [TokenTree::Group(_)])
    }

    /// The predicate of `cfg_attr(predicate, a, b)`, and the attributes that it decides on.
    fn conditional(&self) -> Option<(TokenStream, Vec<Self>)> {
        let [TokenTree::Ident(name)] = &self.path[..] else { return None };
        let [TokenTree::Group(list)] = &self.rest[..] else { return None };
        let list: Vec<TokenTree> = list.stream().into_iter().collect();
        let mut parts = list
            .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
            .map(|part| part.iter().cloned().collect::<TokenStream>());
        let predicate = parts.next().filter(|_| name == "cfg_attr")?;
        Some((predicate, parts.map(Self::of).collect()))
    }

    fn with(&self, argument: &TokenStream) -> TokenStream {
        let Self { path, rest } = self;
        if self.is_ours() {
            let given = rest.first().map(|list| match list {
                TokenTree::Group(list) => list.stream(),
                _ => TokenStream::new(),
            });
            return quote!(#(#path)* (#argument, #given));
        }
        match self.conditional() {
            Some((predicate, attributes)) => {
                let attributes = attributes.iter().map(|attribute| attribute.with(argument));
                quote!(#(#path)* (#predicate #(, #attributes)*))
            }
            None => quote!(#(#path)* #(#rest)*),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares an attribute that was told more.
    #[track_caller]
    fn check(attribute: TokenStream, expected: TokenStream) {
        let tokens: Vec<TokenTree> = attribute.into_iter().collect();
        let attribute = Annotation::of(&tokens[0], &tokens[1]).unwrap();
        assert_eq!(attribute.with(&quote!(more)).to_string(), expected.to_string());
    }

    #[test]
    fn our_attributes_are_told_more_by_any_path_and_under_a_condition() {
        check(quote!(#[traced]), quote!(#[traced(more,)]));
        check(quote!(#[throughline::traced(name = "x",)]), quote!(#[throughline::traced(more, name = "x",)]));
        check(
            quote!(#[cfg_attr(any(a, b), traced, inline)]),
            quote!(#[cfg_attr(any(a, b), traced(more,), inline)]),
        );
    }

    #[test]
    fn other_attributes_are_passed_on_as_they_are() {
        for attribute in [
            quote!(#[inline(always)]),
            quote!(#[doc = "traced"]),
            quote!(#[traced = 1]),
            quote!(#[traced::inner]),
            quote!(#[cfg_attr(traced, inline)]),
        ] {
            check(attribute.clone(), attribute);
        }
    }
}
