//! `#[attr]` on a parameter.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Ident, LitStr, Meta, Token};

use crate::diagnostics::unknown;
use crate::parse::Sigil;

/// `#[attr]`, `#[attr(name = "user.id")]`, `#[attr(%)]`: record this argument.
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) name: Option<LitStr>,
    pub(crate) sigil: Sigil,
}

impl Mark {
    /// Takes the mark out of the attributes of a parameter.
    pub(crate) fn take(attributes: &mut Vec<Attribute>) -> syn::Result<Option<Self>> {
        let mut found = None;
        let mut twice = None;
        attributes.retain(|attribute| {
            let ours = attribute.path().is_ident("attr");
            if ours && found.is_some() {
                twice = Some(attribute.span());
            } else if ours {
                found = Some(attribute.clone());
            }
            !ours
        });
        if let Some(span) = twice {
            return Err(syn::Error::new(span, "`#[attr]` is given twice"));
        }
        found.map(|attribute| Self::of(&attribute)).transpose()
    }

    fn of(attribute: &Attribute) -> syn::Result<Self> {
        let mut mark = match &attribute.meta {
            Meta::List(list) => list.parse_args::<Self>()?,
            Meta::Path(_) => Self { span: attribute.span(), name: None, sigil: Sigil::Typed },
            Meta::NameValue(_) => {
                let message = "write it as `#[attr]` or `#[attr(name = \"user.id\")]`";
                return Err(syn::Error::new(attribute.span(), message));
            }
        };
        mark.span = attribute.span();
        Ok(mark)
    }
}

impl Parse for Mark {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut mark = Self { span: input.span(), name: None, sigil: Sigil::Typed };
        while !input.is_empty() {
            if input.peek(Token![%]) || input.peek(Token![?]) {
                mark.sigil = Sigil::parse(input)?;
            } else {
                let word = input.parse::<Ident>()?;
                if word != "name" {
                    let message = unknown("option", &word.to_string(), &["name", "%", "?"]);
                    return Err(syn::Error::new(word.span(), message));
                }
                input.parse::<Token![=]>()?;
                mark.name = Some(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(mark)
    }
}
