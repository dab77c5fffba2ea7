//! What `capture(..)` names is recorded, where the process asks for content.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use crate::expand::paths::{ours_at, private_at};
use crate::model::{Comes, Spec, bindings_of};
use crate::parse::{Captured, Function, Sigil};

/// The statements for what is known when the span opens.
pub(super) fn captured(spec: &Spec, function: &Function) -> TokenStream {
    let statements = parts(spec).filter_map(|(captured, part, comes)| match (&captured.value, comes) {
        (Some(_), _) => Some(given(spec, captured, &part)),
        (None, Comes::GivenOrArguments) => Some(arguments(spec, captured, function, &part)),
        (None, _) => None,
    });
    statements.collect()
}

/// The statements for what is returned, which is behind the reference `__returned`.
pub(super) fn captured_of_returned(spec: &Spec) -> TokenStream {
    let returned = parts(spec).filter(|(.., comes)| *comes == Comes::Returned);
    let statements = returned.map(|(captured, part, _)| {
        let at = ours_at(&captured.word);
        let private = private_at(spec, at);
        quote_spanned!(at=> #private::content!(#part, __returned);)
    });
    statements.collect()
}

/// Each with the variant that it is in the runtime.
fn parts(spec: &Spec) -> impl Iterator<Item = (&Captured, Ident, Comes)> {
    spec.captured.iter().filter_map(|captured| {
        let part = spec.operation.part(captured)?;
        Some((captured, Ident::new(part.variant, Span::mixed_site()), part.comes))
    })
}

fn given(spec: &Spec, captured: &Captured, part: &Ident) -> TokenStream {
    let value = &captured.value;
    let at = ours_at(value);
    let private = private_at(spec, at);
    let value = match captured.sigil {
        Sigil::Typed => quote_spanned!(at=> &(#value)),
        Sigil::Display => quote_spanned!(at=> #private::display(&(#value)).as_str()),
        Sigil::Debug => quote_spanned!(at=> #private::debug(&(#value)).as_str()),
    };
    quote_spanned!(at=> #private::content!(#part, #value);)
}

/// The arguments of the function by their names, but for those that are skipped.
fn arguments(spec: &Spec, captured: &Captured, function: &Function, part: &Ident) -> TokenStream {
    let at = ours_at(&captured.word);
    let private = private_at(spec, at);
    let names = function.parameters.iter().flat_map(|parameter| bindings_of(&parameter.pat));
    let fields = names.filter(|name| !spec.skip.contains(name)).map(|name| {
        let text = name.unraw().to_string();
        quote!(#text => &#name)
    });
    quote_spanned!(at=> #private::content!(#part, { #(#fields),* });)
}
