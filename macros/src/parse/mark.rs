//! `#[attr]` on a parameter.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Meta, Token};

use crate::diagnostics::{list, unknown};
use crate::parse::Sigil;

/// `#[attr]`, `#[attr(name = "user.id")]`, `#[attr(%)]`: record this argument.
pub(crate) struct Mark {
    /// Where it was given.
    pub(crate) attribute: Attribute,
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
                twice = Some(attribute.clone());
            } else if ours {
                found = Some(attribute.clone());
            }
            !ours
        });
        if let Some(twice) = twice {
            return Err(syn::Error::new_spanned(twice, "`#[attr]` is given twice"));
        }
        found.map(Self::of).transpose()
    }

    fn of(attribute: Attribute) -> syn::Result<Self> {
        let (name, sigil) = match &attribute.meta {
            Meta::List(list) => list.parse_args_with(options)?,
            Meta::Path(_) => (None, Sigil::Typed),
            Meta::NameValue(_) => {
                let message = "write it as `#[attr]` or `#[attr(name = \"user.id\")]`";
                return Err(syn::Error::new_spanned(attribute, message));
            }
        };
        Ok(Self { attribute, name, sigil })
    }

    /// An error about the mark.
    pub(crate) fn error(&self, message: &str) -> syn::Error {
        syn::Error::new_spanned(&self.attribute, message)
    }
}

fn options(input: ParseStream<'_>) -> syn::Result<(Option<LitStr>, Sigil)> {
    const VALID: &[&str] = &["name", "%", "?"];
    let (mut name, mut sigil) = (None, Sigil::Typed);
    while !input.is_empty() {
        let span = input.span();
        if input.peek(Token![%]) || input.peek(Token![?]) {
            if sigil != Sigil::Typed {
                return Err(syn::Error::new(span, "it is either `%` or `?`"));
            }
            sigil = Sigil::parse(input)?;
        } else {
            let word = input.call(Ident::parse_any);
            let word = word.map_err(|_| syn::Error::new(span, format!("expected one of {}", list(VALID))))?;
            if word != "name" {
                return Err(syn::Error::new(span, unknown("option", &word.to_string(), VALID)));
            }
            let usage = |_| syn::Error::new(span, "write it as `name = \"user.id\"`");
            input.parse::<Token![=]>().map_err(usage)?;
            if name.replace(input.parse().map_err(usage)?).is_some() {
                return Err(syn::Error::new(span, "`name` is given twice"));
            }
        }
        if !input.is_empty() {
            input
                .parse::<Token![,]>()
                .map_err(|error| syn::Error::new(error.span(), "expected a comma before this"))?;
        }
    }
    Ok((name, sigil))
}
