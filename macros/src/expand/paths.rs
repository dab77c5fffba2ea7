//! How an expansion names things.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::model::Spec;

/// The path of what expansions call: `::throughline::__private`, or that of the crate given by `crate = ..`.
pub(crate) fn private(spec: &Spec) -> TokenStream {
    match &spec.krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::throughline::__private),
    }
}

/// The same, in the place of what it is called for: an error is shown there.
pub(crate) fn private_at(spec: &Spec, at: Span) -> TokenStream {
    match &spec.krate {
        Some(_) => private(spec),
        None => quote_spanned!(at=> ::throughline::__private),
    }
}

/// The place of `tokens`, with our own names: diagnostics point at what the user wrote, and lints know that the code is
/// ours.
pub(crate) fn ours_at(tokens: &impl ToTokens) -> Span {
    let span = tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    Span::mixed_site().located_at(span)
}
