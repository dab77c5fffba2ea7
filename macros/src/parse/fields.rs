//! `fields(key = value, ..)`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Token, braced, token};

use crate::parse::arguments::in_parentheses;

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
        in_parentheses(input, |content| {
            Ok(Punctuated::<Self, Token![,]>::parse_terminated(content)?.into_iter().collect())
        })
    }

    /// `%name` or `?user.name`: the key is the path of the value.
    fn shorthand(sigil: Sigil, input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse::<Expr>()?;
        let text: String = value.to_token_stream().into_iter().map(|token| token.to_string()).collect();
        if !text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            || text.contains(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
        {
            return Err(syn::Error::new_spanned(value, "this value needs a key: write `key = ..`"));
        }
        Ok(Self { key: Key::Text(text, value.span()), sigil, value: Some(value) })
    }
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        match Sigil::parse(input)? {
            Sigil::Typed => {}
            sigil => return Self::shorthand(sigil, input),
        }
        let key = input.parse::<Key>()?;
        if input.parse::<Option<Token![=]>>()?.is_none() {
            return Ok(Self { key, sigil: Sigil::Typed, value: None });
        }
        let sigil = Sigil::parse(input)?;
        Ok(Self { key, sigil, value: Some(input.parse()?) })
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
            braced!(content in input);
            return content.parse().map(Self::Const);
        }
        let first = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "expected a key: `order.id`, `\"order.id\"` or `{CONST}`")
        })?;
        let mut text = first.unraw().to_string();
        let mut span = first.span();
        while input.parse::<Option<Token![.]>>()?.is_some() {
            let next = input.call(Ident::parse_any)?;
            text = format!("{text}.{}", next.unraw());
            span = span.join(next.span()).unwrap_or(span);
        }
        Ok(Self::Text(text, span))
    }
}
