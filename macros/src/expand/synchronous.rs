//! A function that runs when it is called: a guard around its body.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::token::Brace;
use syn::{Expr, Type};

use crate::expand::callsite::callsite;
use crate::expand::canonical::is_canonical;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::paths::{ours_at, private, private_at};
use crate::expand::reading::Reading;
use crate::model::{Attribute, Parent, Returns, Spec, mentions};
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

/// Runs the body and looks at what it returns. A `match` instead of a `let`: lints that ask what becomes of the body's value
/// then see that it is returned.
fn read(
    spec: &Spec,
    returns: &Returns,
    reading: &Reading,
    prologue: &TokenStream,
    body: &Body,
) -> TokenStream {
    let private = private(spec);
    let call = reading.declare_call(&private);
    let (ty, work) = (named(returns), closure(returns, prologue, body));
    let Reading { outcome, events, contents, .. } = reading;
    quote_spanned! {Span::mixed_site()=>
        let __recording = #private::Guard::is_recording(&__guard);
        #call
        match #private::call #ty (#work) {
            __value => {
                let __returned = &__value;
                #events
                if __recording {
                    #outcome
                    #contents
                }
                __value
            }
        }
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
    let arrow = returns.ty().filter(|ty| !is_complex(ty)).map(|ty| quote!(-> #ty));
    let body = body.block();
    quote_spanned!(Span::mixed_site()=> move || #arrow { #prologue #body })
}

/// The declared type as an argument of what calls the closure, where it is so complex that clippy would object to it at the
/// closure, even in methods whose trait demands it. Elsewhere it is at the closure: errors in the body then point to it.
pub(super) fn named(returns: &Returns) -> Option<TokenStream> {
    returns.ty().filter(|ty| is_complex(ty)).map(|ty| quote_spanned!(Span::mixed_site()=> ::<#ty>))
}

/// Whether clippy may call the type complex: six names, however nested, are not, as long as no functions are among them.
fn is_complex(ty: &Type) -> bool {
    mentions(ty.to_token_stream(), "fn") || names(ty.to_token_stream()) > 6
}

fn names(tokens: TokenStream) -> usize {
    let count = |token| match token {
        TokenTree::Ident(_) => 1,
        TokenTree::Group(group) => names(group.stream()),
        _ => 0,
    };
    tokens.into_iter().map(count).sum()
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
    let brace = match is_canonical(function) {
        // Clippy passes over a body that it takes for one that a macro wrote.
        true => Brace(Span::mixed_site().located_at(body.brace.span.join())),
        false => body.brace,
    };
    brace.surround(&mut block, |block| block.extend(quote!(#prologue #tokens)));
    quote!(#(#attrs)* #vis #signature #block)
}
