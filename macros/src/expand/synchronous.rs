//! A function that runs when it is called: a guard around its body.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::token::Brace;
use syn::{Pat, ReturnType, Visibility};

use crate::expand::asynchronous::{documented, is_inert};
use crate::expand::callsite::callsite;
use crate::expand::canonical::is_canonical;
use crate::expand::given::given;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::part;
use crate::expand::paths::{private, private_at};
use crate::expand::reading::Reading;
use crate::model::{Attribute, Parent, Returns, Spec, last_segment};
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
        let recording = quote_spanned!(Span::mixed_site()=> #private::is_recording(&__guard));
        let open = open(spec, function, attributes, &recording);
        // Items after statements of ours would be in the wrong place for clippy.
        let tokens = if body.scan.begins_with_item { body.block() } else { body.tokens.clone() };
        return assemble(function, &function.sig, body, &quote!(#callsite #enter #open), &tokens);
    }
    let (signature, bindings) = rebind(spec, function);
    let open = open(spec, function, attributes, &quote_spanned!(Span::mixed_site()=> __recording));
    let prologue = quote!(#bindings #open);
    let work = match tells_its_caller(function) && !reading.is_asked_for() {
        true => inlined(&returns, &prologue, body),
        false => {
            let at = body.ours();
            let (private, work) = (private_at(spec, at), closure(&returns, &prologue, body));
            quote_spanned!(at=> #private::call(#work))
        }
    };
    let tokens = read(spec, &reading, body, &work);
    assemble_closure(function, &signature, body, &quote!(#callsite #enter), &tokens)
}

/// The function whose body is in a closure, with plain names for its parameters; rustdoc shows the author's patterns.
pub(super) fn assemble_closure(
    function: &Function,
    signature: &syn::Signature,
    body: &Body,
    prologue: &TokenStream,
    tokens: &TokenStream,
) -> TokenStream {
    let allowed = allowed_of_function(function, body);
    let assembled = assemble(function, signature, body, prologue, tokens);
    let has_patterns = function
        .parameters
        .iter()
        .any(|parameter| !matches!(&parameter.pat, Pat::Ident(name) if name.subpat.is_none()));
    if !has_patterns || !function.attrs.iter().all(is_inert) {
        return quote!(#allowed #assembled);
    }
    let documented = documented(function);
    quote!(#[cfg(not(doc))] #allowed #assembled #documented)
}

/// What clippy would say of a function whose body is in a closure: it looks for effects outside of closures only, and finds
/// none. A `Result` has to be used in any case.
fn allowed_of_function(function: &Function, body: &Body) -> Option<TokenStream> {
    let is_result = matches!(&function.sig.output, ReturnType::Type(_, ty) if last_segment(ty).is_some_and(|last| last.ident == "Result"));
    let is_public = matches!(function.vis, Visibility::Public(_));
    (is_public && !is_result && body.scan.has_effect)
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(clippy::must_use_candidate)]))
}
/// Runs the body and looks at what it returns. A `match` instead of a `let`: lints that ask what becomes of the body's value
/// then see that it is returned.
fn read(spec: &Spec, reading: &Reading, body: &Body, work: &TokenStream) -> TokenStream {
    let at = body.ours();
    let private = private_at(spec, at);
    let call = reading.declare_call(&private);
    let Reading { outcome, events, contents, .. } = reading;
    let allowed = allowed_of_closure();
    quote_spanned! {at=>
        let __recording = #private::is_recording(&__guard);
        #call
        #allowed
        match #work {
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

/// Whether what it calls may ask who called it: in a closure the answer would be another.
fn tells_its_caller(function: &Function) -> bool {
    function.attrs.iter().any(|attribute| attribute.path().is_ident("track_caller"))
}

/// The body as a block: `return` and `?` leave the function, and what they return is not looked at.
fn inlined(returns: &Returns, prologue: &TokenStream, body: &Body) -> TokenStream {
    let (ty, body) = (returns.ty(), body.block());
    quote_spanned!(Span::mixed_site()=> ::core::convert::identity::<#ty>({ #prologue #body }))
}

/// The guard stays where it is made, so that it need not be moved.
fn enter(spec: &Spec) -> TokenStream {
    let private = private(spec);
    let enter = match (given(spec), &spec.parent) {
        (Some((at, given)), _) if !spec.begins_request() => {
            let parent = quote_spanned!(at=> #private::GivenParent::as_parent(&#given));
            quote_spanned!(Span::mixed_site()=> enter_with(&mut __guard, &__CALLSITE, #parent))
        }
        (Some(_), _) => quote_spanned! {Span::mixed_site()=>
            enter_with(&mut __guard, &__CALLSITE, #private::GivenParent::as_parent(&__given))
        },
        (None, Parent::Root) => quote_spanned! {Span::mixed_site()=>
            enter_with(&mut __guard, &__CALLSITE, #private::Parent::Root)
        },
        (None, _) => quote_spanned!(Span::mixed_site()=> enter(&mut __guard, &__CALLSITE)),
    };
    let (request, part) = (attach_request(spec), part::enter(spec));
    quote_spanned! {Span::mixed_site()=>
        #request
        let mut __guard = #private::guard();
        #private::#enter;
        #part
    }
}

/// The statements that make the request current which begins here: also where there is no span.
fn attach_request(spec: &Spec) -> Option<TokenStream> {
    let (private, (_, given)) = (private(spec), given(spec).filter(|_| spec.begins_request())?);
    Some(quote_spanned! {Span::mixed_site()=>
        let __given = #given;
        let __attached = #private::GivenParent::attach(&__given);
    })
}

/// The body as a closure that is called once, with the declared type, so that the code in it means what it did. The statement
/// that it is in is [`allowed_of_closure`].
pub(super) fn closure(returns: &Returns, prologue: &TokenStream, body: &Body) -> TokenStream {
    let arrow = returns.ty().map(|ty| written_by_us(ty.to_token_stream())).map(|ty| quote!(-> #ty));
    let block = body.block();
    let work = body.around(&quote!(#prologue #block));
    quote_spanned!(body.brace.span.join()=> move || #arrow #work)
}

/// What clippy wants of a closure is nothing that its author could do: how large an error is the function says, or its trait.
pub(super) fn allowed_of_closure() -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[allow(clippy::result_large_err)])
}

/// The tokens in their place, but as those of a macro: whether a type is too complex is said where the function declares it, and
/// not where a trait does.
fn written_by_us(tokens: TokenStream) -> TokenStream {
    let respanned = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), written_by_us(group.stream())).into();
        }
        token.set_span(Span::mixed_site().located_at(token.span()));
        token
    };
    tokens.into_iter().map(respanned).collect()
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
    // As one stream: token by token, the body would lose what holds the arguments of a macro together.
    brace.surround(&mut block, |block| quote!(#prologue #tokens).to_tokens(block));
    quote!(#(#attrs)* #vis #signature #block)
}
