//! A parent, a request ID or a message that an expression gives, before the span opens.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

use crate::expand::open::own_value;
use crate::expand::paths::{ours_at, private, private_at};
use crate::model::{DESTINATION, Parent, Spec};

/// What the span opens under, when that is computed: the `GivenParent` as an expression, and its place.
pub(super) fn given(spec: &Spec) -> Option<(Span, TokenStream)> {
    if let Some(message) = &spec.message {
        let at = ours_at(message);
        let private = private_at(spec, at);
        return Some((at, quote_spanned!(at=> #private::delivered(&__CALLSITE, &#message))));
    }
    let parent = match &spec.parent {
        Parent::Of(parent) => Some(given_parent(spec, parent)),
        Parent::Root | Parent::Current => None,
    };
    let Some(id) = &spec.request_id else { return parent };
    let at = ours_at(id);
    let (private, ours) = (private_at(spec, at), private(spec));
    let parent = match (parent, &spec.parent) {
        (Some((at, parent)), _) => quote_spanned!(at=> #ours::GivenParent::as_parent(&#parent)),
        (None, Parent::Root) => quote!(#ours::Parent::Root),
        (None, _) => quote!(#ours::Parent::Current),
    };
    let id = quote_spanned!(at=> #private::request_id!(#id));
    Some((at, quote_spanned!(at=> #private::in_request(#id, #parent))))
}

fn given_parent(spec: &Spec, parent: &Expr) -> (Span, TokenStream) {
    let at = ours_at(parent);
    let private = private_at(spec, at);
    (at, quote_spanned!(at=> #private::parent(&(#parent))))
}

/// The statement that says on the open span how its message was delivered.
pub(super) fn note_delivery(spec: &Spec) -> Option<TokenStream> {
    let message = spec.message.as_ref()?;
    let at = ours_at(message);
    let private = private_at(spec, at);
    let destination = own_value(spec, Some(DESTINATION), &private);
    let is_named = spec.name.is_some();
    Some(quote_spanned!(at=> #private::note_delivery(&#message, #destination, #is_named);))
}

/// The statement that says on the open span which request it is.
pub(super) fn note_request(spec: &Spec) -> Option<TokenStream> {
    let private = private(spec);
    let given = spec.request_id.as_ref()?;
    Some(quote_spanned!(Span::mixed_site().located_at(ours_at(given))=> #private::note_request();))
}
