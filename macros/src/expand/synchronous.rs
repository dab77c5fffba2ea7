//! A function that runs when it is called: a guard around its body.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

use crate::expand::callsite::callsite;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::paths::{ours_at, private, private_at};
use crate::expand::reading::Reading;
use crate::model::{Attribute, Parent, Returns, Spec};
use crate::parse::{Body, Function, outer};

/// The function with a guard at its start. Where the returned value is looked at, the body is a closure, so that
/// `return` and `?` end there.
pub(crate) fn expand(spec: &Spec, function: &Function, attributes: &[Attribute]) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let returns = Returns::of(&function.sig.output);
    let callsite = callsite(spec, function, attributes);
    let private = private(spec);
    let enter = enter(spec);
    let reading = Reading::of(spec, &returns);
    if reading.is_empty() {
        let recording = quote_spanned!(Span::mixed_site()=> #private::Guard::is_recording(&__guard));
        let open = open(spec, function, attributes, &recording);
        return assemble(function, &function.sig, body, &quote!(#callsite #enter #open), &body.tokens);
    }
    let (signature, bindings) = rebind(spec, function);
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
    let private = private(spec);
    let call = reading.declare_call(&private);
    let work = closure(returns, prologue, body);
    let Reading { outcome, contents, .. } = reading;
    let report = reading.report();
    quote_spanned! {Span::mixed_site()=>
        let __recording = #private::Guard::is_recording(&__guard);
        #call
        let __value = #private::call(#work);
        #report
        if __recording {
            let __returned = &__value;
            #outcome
            #contents
        }
        __value
    }
}

/// The guard stays where it is made, so that it need not be moved.
fn enter(spec: &Spec) -> TokenStream {
    let private = private(spec);
    let enter = match &spec.parent {
        Parent::Current => quote_spanned!(Span::mixed_site()=> enter(&mut __guard, &__CALLSITE)),
        Parent::Root => quote_spanned! {Span::mixed_site()=>
            enter_with(&mut __guard, &__CALLSITE, #private::Parent::Root)
        },
        Parent::Of(parent) => {
            let parent = given_parent(spec, parent);
            quote_spanned!(Span::mixed_site()=> enter_with(&mut __guard, &__CALLSITE, #parent))
        }
    };
    quote_spanned! {Span::mixed_site()=>
        let mut __guard = #private::Guard::new();
        #private::Guard::#enter;
    }
}

/// The parent that an expression gives.
pub(super) fn given_parent(spec: &Spec, parent: &Expr) -> TokenStream {
    let at = ours_at(parent);
    let private = private_at(spec, at);
    quote_spanned!(at=> #private::GivenParent::as_parent(&#private::parent(&(#parent))))
}

/// The body as a closure that is called once, with the declared type, so that the code in it means what it did.
pub(super) fn closure(returns: &Returns, prologue: &TokenStream, body: &Body) -> TokenStream {
    let arrow = returns.ty().map(|ty| quote!(-> #ty));
    let body = body.block();
    quote_spanned!(Span::mixed_site()=> move || #arrow { #prologue #body })
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
