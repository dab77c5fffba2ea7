//! A function that runs when it is called: a guard around its body.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::callsite::callsite;
use crate::expand::open::open;
use crate::expand::outcome::outcome;
use crate::expand::parameters::rebind;
use crate::expand::paths::private;
use crate::model::{Attribute, Parent, Returns, Spec};
use crate::parse::{Body, Function, outer};

/// The function with a guard at its start. Where the returned value is looked at, the body is a closure, so that
/// `return` and `?` end there.
pub(crate) fn expand(spec: &Spec, function: &Function, attributes: &[Attribute]) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let returns = Returns::of(&function.sig.output);
    let callsite = callsite(spec, function, attributes);
    let enter = enter(spec);
    let outcome = outcome(spec, &returns);
    if outcome.is_empty() {
        let open = open(spec, attributes, &quote_spanned!(Span::mixed_site()=> __guard.is_recording()));
        return assemble(function, &function.sig, body, &quote!(#callsite #enter #open), &body.tokens);
    }
    let (signature, bindings) = rebind(function);
    let open = open(spec, attributes, &quote_spanned!(Span::mixed_site()=> __recording));
    let recording = (!open.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> let __recording = __guard.is_recording();));
    let work = closure(spec, &returns, &quote!(#bindings #open), body);
    let tokens = quote_spanned! {Span::mixed_site()=>
        let __value = #work;
        if __guard.is_recording() {
            let __returned = &__value;
            #outcome
        }
        __value
    };
    assemble(function, &signature, body, &quote!(#callsite #enter #recording), &tokens)
}

fn enter(spec: &Spec) -> TokenStream {
    let private = private(spec);
    match &spec.parent {
        Parent::Current => quote_spanned!(Span::mixed_site()=> let __guard = #private::enter(&__CALLSITE);),
        Parent::Root => quote_spanned! {Span::mixed_site()=>
            let __guard = #private::enter_with(&__CALLSITE, #private::Parent::Root);
        },
        Parent::Of(parent) => quote_spanned! {Span::mixed_site()=>
            let __guard = #private::enter_with(&__CALLSITE, #private::parent(&#parent).as_parent());
        },
    }
}

/// The body as a closure that is called once, with the declared type, so that the code in it means what it did.
fn closure(spec: &Spec, returns: &Returns, bindings: &TokenStream, body: &Body) -> TokenStream {
    let private = private(spec);
    let ty = returns.ty();
    let arrow = ty.map(|ty| quote!(-> #ty));
    let declared = ty.map(|ty| quote!(: #ty));
    let tokens = &body.tokens;
    quote_spanned! {Span::mixed_site()=>
        #private::call(move || #arrow {
            #bindings
            let __value #declared = { #tokens };
            __value
        })
    }
}

pub(super) fn assemble(
    function: &Function,
    signature: &syn::Signature,
    body: &Body,
    prologue: &TokenStream,
    tokens: &TokenStream,
) -> TokenStream {
    let attrs = function.attrs.iter().map(outer);
    let vis = &function.vis;
    let mut block = TokenStream::new();
    body.brace.surround(&mut block, |block| block.extend(quote!(#prologue #tokens)));
    quote!(#(#attrs)* #vis #signature #block)
}
