//! What happens when the span is open: its attributes and links are written.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Expr;

use crate::expand::captured::captured;
use crate::expand::given::{note_delivery, note_request};
use crate::expand::part;
use crate::expand::paths::{ours_at, private, private_at};
use crate::model::{Attribute, Content, Naming, OPERATION_NAME, Own, PROVIDER, REQUEST_MODEL, Spec};
use crate::parse::{Function, Sigil};

/// The statement that writes attributes and links, when `recording` says that the span is recorded. Empty when there is
/// nothing to write.
pub(crate) fn open(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    recording: &TokenStream,
) -> TokenStream {
    let private = private(spec);
    let locals = spec.own.iter().enumerate().filter(|(_, own)| !is_constant(attributes, own.key));
    let locals = locals.map(|(index, own)| {
        let (name, value) = (local(index, own), kept(spec, own));
        quote_spanned!(ours_at(&own.value)=> let #name = &#value;)
    });
    let keyed = attributes.iter().filter(|attribute| !attribute.is_constant());
    let values: Vec<_> =
        keyed.enumerate().filter_map(|(index, attribute)| recorded(spec, index, attribute)).collect();
    let record = (!values.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> #private::record(&__CALLSITE, [#(#values),*]);));
    let rename = rename(spec, function, &private);
    let begin = begin(spec, &private);
    let (request, delivery) = (note_request(spec), note_delivery(spec));
    let identify = spec
        .operation
        .variant
        .is_some()
        .then(|| quote_spanned!(Span::mixed_site()=> #private::identify(&__CALLSITE);));
    let part = part::begin(spec);
    let links = spec.links.iter().map(|links| {
        let at = ours_at(links);
        let private = private_at(spec, at);
        quote_spanned!(at=> #private::link_all(#links);)
    });
    let captured = captured(spec, function);
    let statements =
        quote!(#(#locals)* #request #delivery #identify #record #rename #begin #captured #part #(#links)*);
    if statements.is_empty() {
        return statements;
    }
    quote_spanned!(Span::mixed_site()=> if #recording { #statements })
}

fn is_constant(attributes: &[Attribute], key: &str) -> bool {
    attributes.iter().any(|attribute| attribute.text.as_deref() == Some(key) && attribute.is_constant())
}

/// Where the value of an attribute of the operation is kept: it is used more than once, and computed once.
fn local(index: usize, own: &Own) -> Ident {
    format_ident!("__own{index}", span = ours_at(&own.value))
}

/// What is kept of the value of an attribute of the operation: itself where it has a place, else what it is by then, for it
/// may be borrowed from what is gone after its statement.
fn kept(spec: &Spec, own: &Own) -> TokenStream {
    let value = &own.value;
    let at = ours_at(value);
    let private = private_at(spec, at);
    match own.sigil {
        Sigil::Typed | Sigil::Double if has_place(value) => quote_spanned!(at=> (#value)),
        Sigil::Typed | Sigil::Double => quote_spanned!(at=> #private::kept(#private::typed(&(#value)))),
        Sigil::Display => quote_spanned!(at=> #private::display(&(#value))),
        Sigil::Debug => quote_spanned!(at=> #private::debug(&(#value))),
    }
}

/// Whether a value is somebody's, and not made by the expression.
fn has_place(value: &Expr) -> bool {
    match value {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(field) => has_place(&field.base),
        Expr::Reference(reference) => has_place(&reference.expr),
        Expr::Paren(inner) => has_place(&inner.expr),
        Expr::Group(inner) => has_place(&inner.expr),
        _ => false,
    }
}

/// `(index, value)` of an attribute that has a value when the span opens.
fn recorded(spec: &Spec, index: usize, attribute: &Attribute) -> Option<TokenStream> {
    let index = Literal::u16_unsuffixed(u16::try_from(index).ok()?);
    let value = match &attribute.content {
        Content::Declared | Content::Constant(_) => return None,
        Content::Argument(value) => {
            let at = ours_at(value);
            let private = private_at(spec, at);
            quote_spanned!(at=> #private::argument!(#value))
        }
        Content::Computed(sigil, value) => {
            let own = spec.own.iter().enumerate().find(|(_, own)| Some(own.key) == attribute.text.as_deref());
            let at = ours_at(value);
            let private = private_at(spec, at);
            match own.map(|(index, own)| local(index, own)) {
                Some(local) => of_local(*sigil, &local, at, &private),
                None => as_value(*sigil, &quote_spanned!(at=> &(#value)), at, &private),
            }
        }
    };
    Some(quote!((#index, #value)))
}

/// What is behind `reference` as a value of an attribute.
fn as_value(sigil: Sigil, reference: &TokenStream, at: Span, private: &TokenStream) -> TokenStream {
    match sigil {
        Sigil::Typed => quote_spanned!(at=> #private::typed(#reference)),
        Sigil::Double => quote_spanned!(at=> #private::double(#reference)),
        Sigil::Display => quote_spanned!(at=> #private::text(&#private::display(#reference))),
        Sigil::Debug => quote_spanned!(at=> #private::text(&#private::debug(#reference))),
    }
}

/// What is kept behind `local` as a value of an attribute.
fn of_local(sigil: Sigil, local: &Ident, at: Span, private: &TokenStream) -> TokenStream {
    match sigil {
        Sigil::Typed => quote_spanned!(at=> #private::typed(#local)),
        Sigil::Double => quote_spanned!(at=> #private::double(#local)),
        Sigil::Display | Sigil::Debug => quote_spanned!(at=> #private::text(#local)),
    }
}

/// The value of an attribute of the operation, wherever it comes from; empty text for none.
pub(super) fn own_value(spec: &Spec, key: Option<&str>, private: &TokenStream) -> TokenStream {
    let found = spec.own.iter().enumerate().find(|(_, own)| Some(own.key) == key);
    let Some((index, own)) = found else { return quote!(#private::Value::Empty) };
    let value = &own.value;
    if matches!(value, Expr::Lit(_)) {
        return as_value(own.sigil, &quote!(&#value), Span::mixed_site(), private);
    }
    let local = local(index, own);
    of_local(own.sigil, &local, ours_at(value), private)
}

/// A span that is named by what is only known now.
fn rename(spec: &Spec, function: &Function, private: &TokenStream) -> Option<TokenStream> {
    let Naming::Opening(_, subject) = spec.naming(function) else { return None };
    let operation = own_value(spec, Some(OPERATION_NAME), private);
    let subject = own_value(spec, subject, private);
    Some(quote_spanned!(Span::mixed_site()=> #private::rename(#operation, #subject);))
}

/// The span is a model call from here on.
fn begin(spec: &Spec, private: &TokenStream) -> Option<TokenStream> {
    spec.operation.is_model_call().then(|| {
        let provider = own_value(spec, Some(PROVIDER), private);
        let model = own_value(spec, Some(REQUEST_MODEL), private);
        quote_spanned!(Span::mixed_site()=> #private::LlmCall::begin(__begun, #provider, #model);)
    })
}
