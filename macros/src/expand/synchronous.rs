//! A function that runs when it is called: a guard around its body.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::callsite::callsite;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::paths::private;
use crate::expand::reading::Reading;
use crate::model::{Attribute, Parent, Returns, Spec};
use crate::parse::{Body, Function, outer};

/// The function with a guard at its start. Where the returned value is looked at, the body is a closure, so that
/// `return` and `?` end there.
pub(crate) fn expand(spec: &Spec, function: &Function, attributes: &[Attribute]) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let returns = Returns::of(&function.sig.output);
    let callsite = callsite(spec, function, attributes);
    let enter = enter(spec);
    let reading = Reading::of(spec, &returns);
    if reading.is_empty() {
        let recording = quote_spanned!(Span::mixed_site()=> __guard.is_recording());
        let open = open(spec, function, attributes, &recording);
        return assemble(function, &function.sig, body, &quote!(#callsite #enter #open), &body.tokens);
    }
    let (signature, bindings) = rebind(function);
    let open = open(spec, function, attributes, &quote_spanned!(Span::mixed_site()=> __recording));
    let tokens = read(spec, &returns, &reading, &quote!(#bindings #open), body);
    assemble(function, &signature, body, &quote!(#callsite #enter), &tokens)
}

/// Runs the body and looks at what it returns.
fn read(
    spec: &Spec,
    returns: &Returns,
    reading: &Reading,
    prologue: &TokenStream,
    body: &Body,
) -> TokenStream {
    let call = reading.declare_call(&private(spec));
    let work = closure(spec, returns, prologue, body);
    let Reading { outcome, contents, .. } = reading;
    quote_spanned! {Span::mixed_site()=>
        let __recording = __guard.is_recording();
        #call
        let __value = #work;
        if __recording {
            let __returned = &__value;
            #outcome
            #contents
        }
        __value
    }
}

fn enter(spec: &Spec) -> TokenStream {
    let private = private(spec);
    match &spec.parent {
        Parent::Current => {
            quote_spanned!(Span::mixed_site()=> let mut __guard = #private::Guard::new(); __guard.enter(&__CALLSITE);)
        }
        Parent::Root => quote_spanned! {Span::mixed_site()=>
            let mut __guard = #private::Guard::new();
            __guard.enter_with(&__CALLSITE, #private::Parent::Root);
        },
        Parent::Of(parent) => quote_spanned! {Span::mixed_site()=>
            let mut __guard = #private::Guard::new();
            __guard.enter_with(&__CALLSITE, #private::parent(&#parent).as_parent());
        },
    }
}

/// The body as a closure that is called once, with the declared type, so that the code in it means what it did.
fn closure(spec: &Spec, returns: &Returns, prologue: &TokenStream, body: &Body) -> TokenStream {
    let private = private(spec);
    let arrow = returns.ty().map(|ty| quote!(-> #ty));
    let body = body.block();
    quote_spanned!(Span::mixed_site()=> #private::call(move || #arrow { #prologue #body }))
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
