//! The body of an agent or a workflow is a part of the work for a request: what is said of it is inherited in it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::expand::open::own_value;
use crate::expand::paths::private;
use crate::model::{AGENT_ID, AGENT_NAME, CONVERSATION, Spec};

/// The statement that begins it, when the span is open.
pub(super) fn begin(spec: &Spec) -> Option<TokenStream> {
    let private = private(spec);
    spec.is_part().then(|| {
        let [name, id, conversation] =
            [AGENT_NAME, AGENT_ID, CONVERSATION].map(|key| own_value(spec, Some(key), &private));
        quote_spanned!(Span::mixed_site()=> #private::begin_part(#name, #id, #conversation);)
    })
}

/// The statement that declares it.
pub(super) fn declare(spec: &Spec) -> Option<TokenStream> {
    let private = private(spec);
    spec.is_part().then(|| quote_spanned!(Span::mixed_site()=> let mut __part = #private::Part::new();))
}

/// The statements that have the rest of the function in it.
pub(super) fn enter(spec: &Spec) -> Option<TokenStream> {
    let (private, declare) = (private(spec), declare(spec)?);
    Some(quote_spanned! {Span::mixed_site()=>
        #declare
        let __in_part = #private::Part::enter(&mut __part);
    })
}

/// The closure that calls `body` in the declared one.
pub(super) fn calling(spec: &Spec, body: TokenStream) -> TokenStream {
    let private = private(spec);
    if !spec.is_part() {
        return body;
    }
    quote_spanned!(Span::mixed_site()=> || #private::Part::call(&mut __part, #body))
}

/// The future that `work` is, in one of its own.
pub(super) fn around(spec: &Spec, work: TokenStream) -> TokenStream {
    let private = private(spec);
    if !spec.is_part() {
        return work;
    }
    quote_spanned!(Span::mixed_site()=> #private::within(#private::Part::new(), #work))
}

/// The future or stream that `work` is, in the declared one.
pub(super) fn going_on(spec: &Spec, work: TokenStream) -> TokenStream {
    let private = private(spec);
    if !spec.is_part() {
        return work;
    }
    quote_spanned!(Span::mixed_site()=> #private::within(__part, #work))
}

/// The future that `work` is, which hands its part on beside its output; and the pattern of the two.
pub(super) fn handing_on(spec: &Spec, work: TokenStream) -> (TokenStream, TokenStream) {
    let (private, Some(declare)) = (private(spec), declare(spec)) else {
        return (work, quote_spanned!(Span::mixed_site()=> __value));
    };
    let work = quote_spanned! {Span::mixed_site()=> async move {
        #declare
        let __value = #private::within(&mut __part, #work).await;
        (__value, __part)
    }};
    (work, quote_spanned!(Span::mixed_site()=> (__value, __part)))
}
