//! `capture(name = value, name)`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token};

use crate::parse::Sigil;
use crate::parse::arguments::{ends_part, list, value_after};

/// One of `capture(..)`: what is recorded where the process asks for content.
pub(crate) struct Captured {
    pub(crate) word: Ident,
    pub(crate) sigil: Sigil,
    /// `None` for a word alone.
    pub(crate) value: Option<Expr>,
}

impl Captured {
    /// Those between the parentheses that come next.
    pub(crate) fn list(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        list(input, Self::parse)
    }
}

impl Parse for Captured {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let word = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "expected the name of what is captured, such as `input = value`")
        })?;
        if ends_part(input) {
            return Ok(Self { word, sigil: Sigil::Typed, value: None });
        }
        let Some(equals) = input.parse::<Option<Token![=]>>()? else {
            return Err(input.error("expected `= value` or a comma before this"));
        };
        let sigil = Sigil::parse(input)?;
        Ok(Self { word, sigil, value: Some(value_after(equals.span, input)?) })
    }
}
