//! An `impl` block, a trait or a module: each of its functions gets the attribute, and so does each place in it. The
//! compiler then expands those like any others, after what other attributes make of the place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::diagnostics::Errors;
use crate::model::{Operation, Spec, inherit};
use crate::parse::{Arguments, Item, Ours, Place, Within};
use crate::validate::validate_place;

pub(crate) fn expand(operation: &'static Operation, tokens: TokenStream, place: &Place) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = Arguments::read(operation, tokens.clone(), &mut errors);
    validate_place(&arguments, place, &mut errors);
    let is_left_out = arguments.left_out.is_some();
    let mut is_broken = matches!(arguments.within, Some(Within::Broken));
    // What is inherited was found right where it was given.
    let spec = Spec::new(operation, inherit(arguments, None), &mut errors);
    is_broken |= !errors.is_empty();
    let name = Ident::new(operation.attribute, Span::call_site());
    // Where an attribute is wrong, it says so once, and functions that count on it are emitted as they were.
    let within = if is_broken { quote!(__within()) } else { quote!(__within(#name(#tokens))) };
    let path = match &spec.krate {
        Some(path) => quote!(#path::#name),
        None => quote!(::throughline::#name),
    };
    let items = place.items().iter().map(|item| annotated(item, &path, &within, is_left_out));
    let place = place.with_items(&items.collect());
    let errors = errors.into_tokens();
    quote!(#errors #place)
}

/// The item with the attribute. One that it has already is told what is around it, and stays the only one.
fn annotated(item: &Item, path: &TokenStream, within: &TokenStream, is_left_out: bool) -> TokenStream {
    let Item { annotations, tokens, .. } = item;
    let mut conditions = Vec::new();
    let mut is_annotated = is_left_out || !item.is_traceable();
    for annotation in annotations {
        match annotation.ours() {
            Ours::Always => is_annotated = true,
            Ours::When(condition) => conditions.push(condition),
            Ours::Never => {}
        }
    }
    let added = (!is_annotated).then(|| {
        // In the place of the function, so that this is its line, and that errors are shown there.
        if conditions.is_empty() {
            quote_spanned!(item.span=> #[#path(#within)])
        } else {
            quote_spanned!(item.span=> #[cfg_attr(not(any(#(#conditions),*)), #path(#within))])
        }
    });
    let annotations = annotations.iter().map(|annotation| annotation.with(within));
    quote!(#added #(#annotations)* #(#tokens)*)
}

#[cfg(test)]
mod tests;
