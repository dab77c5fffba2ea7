//! An async function: the span is that of its future.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Signature, Token, Type};

use crate::expand::callsite::callsite;
use crate::expand::given::given;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::part;
use crate::expand::paths::{ours_at, private, private_at};
use crate::expand::reading::Reading;
use crate::expand::returned::{done_in_any_case, going_on};
use crate::expand::synchronous::assemble;
use crate::model::{Attribute, Parent, Returns, Spec};
use crate::parse::{Body, Function, outer};

/// `async fn f() -> R` becomes `fn f() -> impl Future<Output = R>`, which takes the context when it is called. Where that
/// would not be exact it stays `async fn`, and takes the context at first poll.
pub(crate) fn expand(spec: &Spec, function: &Function, attributes: &[Attribute]) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let returns = Returns::of(&function.sig.output);
    let (signature, bindings) = rebind(spec, function);
    let future = future(spec, function, &returns, attributes, &bindings, body);
    rewrite(spec, function, attributes, &returns, signature, body, &future)
}

/// The function with `future` as its body.
pub(super) fn rewrite(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    returns: &Returns,
    signature: Signature,
    body: &Body,
    future: &TokenStream,
) -> TokenStream {
    let callsite = callsite(spec, function, attributes);
    // The function returned its `JoinHandle` before, and nobody minded; now it is a block that does.
    let allowed = matches!(returns, Returns::Open(_) | Returns::Opaque(_))
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(clippy::async_yields_async)]));
    if stays_async(spec, function) {
        let tokens = quote_spanned!(Span::mixed_site()=> #future.await);
        let kept = assemble(function, &signature, body, &callsite, &tokens);
        return quote!(#allowed #kept);
    }
    let rewritten =
        assemble(function, &returning_a_future(spec, returns, signature), body, &callsite, future);
    let documented = documented(function);
    quote!(#[cfg(not(doc))] #allowed #rewritten #documented)
}

/// What rustdoc shows: the signature that the author wrote.
pub(super) fn documented(function: &Function) -> TokenStream {
    let attrs = function.attrs.iter().map(outer);
    let (vis, signature) = (&function.vis, &function.sig);
    quote_spanned!(Span::mixed_site()=> #[cfg(doc)] #(#attrs)* #vis #signature { loop {} })
}

/// `#[must_use]` means another thing on a function that returns a future, and another macro may look for `async`.
fn stays_async(spec: &Spec, function: &Function) -> bool {
    spec.at_poll || function.attrs.iter().any(|attribute| !is_inert(attribute))
}

/// Whether an attribute means the same on a function that returns a future.
pub(super) fn is_inert(attribute: &syn::Attribute) -> bool {
    const INERT: &[&str] = &[
        "allow",
        "cold",
        "cfg",
        "deny",
        "deprecated",
        "diagnostic",
        "doc",
        "expect",
        "forbid",
        "inline",
        "warn",
        "clippy",
        "rustfmt",
        "track_caller",
    ];
    attribute.path().segments.first().is_some_and(|segment| INERT.iter().any(|inert| segment.ident == inert))
}

fn returning_a_future(spec: &Spec, returns: &Returns, mut signature: Signature) -> Signature {
    let end = match &signature.output {
        ReturnType::Default => signature.paren_token.span.close(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    // In the place of what the author wrote: a future that cannot be sent is shown there.
    let at = Span::mixed_site().located_at(end);
    let (arrow, output) = match (&signature.output, returns) {
        (ReturnType::Type(arrow, _), Returns::Never) => (*arrow, never(&private_at(spec, at))),
        (ReturnType::Type(arrow, ty), _) => (*arrow, quote!(#ty)),
        (ReturnType::Default, _) => (Token![->](at), quote!(())),
    };
    // A signature that ends with a word of ours would be shown as that of the attribute; an empty `where` is the user's.
    let end = signature.generics.where_clause.is_none().then(|| quote_spanned!(end=> where));
    let future = quote_spanned!(at=> impl ::core::future::Future<Output = #output> #end);
    signature.asyncness = None;
    signature.output = ReturnType::Type(arrow, Box::new(Type::Verbatim(future)));
    signature
}

/// The type `!`, which has a name only where a function returns it.
fn never(private: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> <fn() -> ! as #private::Output>::Type)
}

/// The wrapper around the body.
fn future(
    spec: &Spec,
    function: &Function,
    returns: &Returns,
    attributes: &[Attribute],
    bindings: &TokenStream,
    body: &Body,
) -> TokenStream {
    let private = private(spec);
    let reading = Reading::of(spec, returns);
    let recording = quote_spanned!(Span::mixed_site()=> #private::is_open(&__CALLSITE));
    let open = open(spec, function, attributes, &recording);
    let work = part::around(spec, block(spec, returns, &quote!(#bindings #open), body));
    of_work(spec, body.ours(), returns, &reading, work)
}

/// The future of the span, in the place of the body, with what is read of its output: where the span is recorded, and, for
/// the events of `err` and `ret`, also where it is not. A model call is around the work, for it lives until what that
/// returned is read.
pub(super) fn of_work(
    spec: &Spec,
    at: Span,
    returns: &Returns,
    reading: &Reading,
    work: TokenStream,
) -> TokenStream {
    let private = private_at(spec, at);
    let work = if reading.is_call { calling(&private, reading, &work) } else { work };
    if reading.is_call || reading.events.is_empty() {
        return traced(spec, at, &work, &done(returns, reading, &private));
    }
    let (span, done) = (going_on(spec), done_in_any_case(returns, reading, &private));
    quote_spanned!(at=> #private::GoingOn::future(#span, #work, #done))
}

/// The future of the span.
fn traced(spec: &Spec, at: Span, work: &TokenStream, done: &TokenStream) -> TokenStream {
    let private = private_at(spec, at);
    match (given(spec), &spec.parent) {
        // The parent is computed first: the block takes the parameters.
        (Some((at, given)), _) => quote_spanned! {at=> {
            let __parent = #given;
            #private::traced_with(&__CALLSITE, #work, #private::GivenParent::as_parent(&__parent), #done)
        }},
        (None, Parent::Root) => quote_spanned! {at=>
            #private::traced_with(&__CALLSITE, #work, #private::Parent::Root, #done)
        },
        (None, _) => quote_spanned! {at=>
            #private::traced(&__CALLSITE, #work, #done)
        },
    }
}

/// The work inside of a model call, which reads what it returns.
fn calling(private: &TokenStream, reading: &Reading, work: &TokenStream) -> TokenStream {
    let declare = reading.declare_call(private);
    let Reading { events, contents, .. } = reading;
    quote_spanned! {Span::mixed_site()=> async move {
        #declare
        match #work.await {
            __value => {
                let __returned = &__value;
                if #private::LlmCall::is_recording(&__call) {
                    #contents
                }
                #events
                __value
            }
        }
    }}
}

/// The body as an async block. `return` in front of it tells the block its type, so that values are coerced to it as in
/// the function that was written.
pub(super) fn block(spec: &Spec, returns: &Returns, prologue: &TokenStream, body: &Body) -> TokenStream {
    let declared = declared(spec, returns, body.ours());
    let block = body.block();
    let work = body.around(&quote!(#declared #prologue #block));
    quote_spanned!(body.brace.span.join()=> async move #work)
}

/// The statement that tells a block its type, in the place of that type, where the compiler says that it knows it from. One
/// that never ends knows it.
pub(super) fn declared(spec: &Spec, returns: &Returns, body: Span) -> Option<TokenStream> {
    let ty = match returns {
        Returns::Never => return None,
        Returns::Unit => return Some(quote_spanned!(body=> if false { return; })),
        Returns::Plain(ty) | Returns::Open(ty) | Returns::OpaqueResult(ty) | Returns::Opaque(ty) => ty,
    };
    let at = ours_at(ty);
    let private = private_at(spec, at);
    Some(quote_spanned!(at=> if false { return #private::never::<#ty>(); }))
}

/// What is done with the output inside of a span that is recorded. A model call has read its response already.
fn done(returns: &Returns, reading: &Reading, private: &TokenStream) -> TokenStream {
    let outcome = &reading.outcome;
    let contents = Some(&reading.contents).filter(|contents| !reading.is_call && !contents.is_empty());
    match returns.ty() {
        Some(ty) if !outcome.is_empty() || contents.is_some() => {
            quote_spanned!(Span::mixed_site()=> |__returned: &#ty| { #outcome #contents })
        }
        _ => quote_spanned!(Span::mixed_site()=> #private::nothing),
    }
}
