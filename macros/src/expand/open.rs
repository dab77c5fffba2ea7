//! What happens when the span is open: its attributes and links are written.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::paths::{ours_at, private};
use crate::model::{Attribute, Content, Spec};
use crate::parse::Sigil;

/// The statement that writes attributes and links, when `recording` says that the span is recorded. Empty when there is
/// nothing to write.
pub(crate) fn open(spec: &Spec, attributes: &[Attribute], recording: &TokenStream) -> TokenStream {
    let private = private(spec);
    let keyed = attributes.iter().filter(|attribute| !attribute.is_constant());
    let values: Vec<_> =
        keyed.enumerate().filter_map(|(index, attribute)| value(index, attribute, &private)).collect();
    let record = (!values.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> #private::record(&__CALLSITE, [#(#values),*]);));
    let links = spec.links.iter().map(|links| quote_spanned!(ours_at(links)=> #private::link_all(#links);));
    let statements = quote!(#record #(#links)*);
    if statements.is_empty() {
        return statements;
    }
    quote_spanned!(Span::mixed_site()=> if #recording { #statements })
}

/// `(index, value)` of an attribute that has a value when the span opens.
fn value(index: usize, attribute: &Attribute, private: &TokenStream) -> Option<TokenStream> {
    let index = proc_macro2::Literal::u16_unsuffixed(u16::try_from(index).ok()?);
    let value = match &attribute.content {
        Content::Declared | Content::Constant(_) => return None,
        Content::Computed(sigil, value) => {
            let at = ours_at(value);
            match sigil {
                Sigil::Typed => quote_spanned!(at=> #private::typed(&(#value))),
                Sigil::Display => quote_spanned!(at=> #private::text(&#private::display(&(#value)))),
                Sigil::Debug => quote_spanned!(at=> #private::text(&#private::debug(&(#value)))),
            }
        }
        Content::Argument(value) => {
            quote_spanned!(ours_at(value)=> #private::argument!(#value))
        }
    };
    Some(quote!((#index, #value)))
}
