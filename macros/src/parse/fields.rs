//! `fields(key = value, ..)`.

use proc_macro2::{Span, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Token, braced, token};

use crate::parse::arguments::{ends_part, list, value_after};

/// One of `fields(..)`.
pub(crate) struct Field {
    pub(crate) key: Key,
    pub(crate) sigil: Sigil,
    /// `None` when only the key is given: it is declared, and gets its value later.
    pub(crate) value: Option<Expr>,
}

/// The key of an attribute.
pub(crate) enum Key {
    /// `order.id` or `"order.id"`.
    Text(String, Span),
    /// `{CONST}`.
    Const(Expr),
}

/// How a value becomes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sigil {
    /// As what it is: a typed value.
    Typed,
    /// As a floating-point number, also where it is an integer: the key wants that. Never written.
    Double,
    /// `%`: by its `Display`.
    Display,
    /// `?`: by its `Debug`.
    Debug,
}

impl Key {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(_, span) => *span,
            Self::Const(expr) => expr.span(),
        }
    }
}

impl Sigil {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.parse::<Option<Token![%]>>()?.is_some() {
            Ok(Self::Display)
        } else if input.parse::<Option<Token![?]>>()?.is_some() {
            Ok(Self::Debug)
        } else {
            Ok(Self::Typed)
        }
    }
}

impl Field {
    /// The fields between the parentheses that come next.
    pub(crate) fn list(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        list(input, Self::parse)
    }

    /// `%name` or `?user.name`: the key is the path of the value.
    fn shorthand(sigil: Sigil, start: Span, input: ParseStream<'_>) -> syn::Result<Self> {
        let value = value_after(start, input)?;
        let text: String = value.to_token_stream().into_iter().map(shown).collect();
        if !text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            || text.contains(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
        {
            return Err(syn::Error::new_spanned(value, "this value needs a key: write `key = ..`"));
        }
        Ok(Self { key: Key::Text(text, value.span()), sigil, value: Some(value) })
    }
}

/// The token as a part of a key.
fn shown(token: TokenTree) -> String {
    match token {
        TokenTree::Ident(word) => word.unraw().to_string(),
        token => token.to_string(),
    }
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span();
        match Sigil::parse(input)? {
            Sigil::Typed => {}
            sigil => return Self::shorthand(sigil, start, input),
        }
        let key = input.parse::<Key>()?;
        if ends_part(input) {
            return Ok(Self { key, sigil: Sigil::Typed, value: None });
        }
        let Some(equals) = input.parse::<Option<Token![=]>>()? else {
            return Err(input.error(
                "expected `= value` or a comma before this; keys with other signs are quoted: `\"order-id\"`",
            ));
        };
        let sigil = Sigil::parse(input)?;
        Ok(Self { key, sigil, value: Some(value_after(equals.span, input)?) })
    }
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let text = input.parse::<LitStr>()?;
            return Ok(Self::Text(text.value(), text.span()));
        }
        if input.peek(token::Brace) {
            let content;
            let braces = braced!(content in input);
            if content.is_empty() {
                return Err(syn::Error::new(braces.span.join(), "expected a constant between the braces"));
            }
            return content.parse().map(Self::Const);
        }
        let word = |message: &'static str| {
            input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), message))
        };
        let first = word("expected a key: `order.id`, `\"order.id\"` or `{CONST}`")?;
        let mut text = first.unraw().to_string();
        let mut span = first.span();
        while input.parse::<Option<Token![.]>>()?.is_some() {
            let next = word("expected a name after the dot; other keys are quoted: `\"order.1\"`")?;
            text = format!("{text}.{}", next.unraw());
            span = span.join(next.span()).unwrap_or(span);
        }
        Ok(Self::Text(text, span))
    }
}
