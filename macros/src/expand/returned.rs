//! A function that returns a future or a stream: its span goes on in that.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse_quote;

use crate::expand::asynchronous::{declared, of_work, rewrite};
use crate::expand::callsite::callsite;
use crate::expand::given::given;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::part;
use crate::expand::paths::{private, private_at};
use crate::expand::reading::Reading;
use crate::expand::synchronous::{allowed_of_closure, assemble, assemble_closure, closure};
use crate::model::{Attribute, Going, Holder, Parent, Returns, Spec, mentions};
use crate::parse::{Body, Function, Tail};

/// A function that returns a future. When its body is nothing but an async block, the span is that of the block;
/// otherwise something happens at the call already, and the span begins there.
pub(crate) fn future(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    going: &Going,
) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let returns = Returns::of_work(function);
    let reading = Reading::of(spec, &returns);
    let callsite = callsite(spec, function, attributes);
    let tail = Tail::of(&body.tokens);
    if let Some(tail) = tail.as_ref().filter(|tail| tail.before.is_empty()) {
        let work = of_tail(spec, function, attributes, &returns, &reading, tail);
        return assemble(function, &function.sig, body, &callsite, &work);
    }
    let at = body.ours();
    let private = private_at(spec, at);
    let done = done_in_any_case(&returns, &reading, &private);
    let value = part::going_on(spec, quote_spanned!(Span::mixed_site()=> __value));
    let future = quote_spanned!(at=> #private::GoingOn::future(__span, #value, #done));
    // What the function puts into a box need not be put into another.
    let unboxed = tail.filter(|tail| !tail.pin.is_empty() && !mentions(tail.before.clone(), "return"));
    let (signature, work, future) = match unboxed {
        Some(Tail { before, pin, keywords, block }) => {
            let unboxed = Body { tokens: quote!(#before #keywords #block), ..*body };
            let returns = Returns::Opaque(parse_quote!(_));
            let (signature, work) = at_call(spec, function, attributes, &reading, &returns, &unboxed);
            (signature, work, quote!(#pin(#future)))
        }
        None => {
            let returns = Returns::of(&function.sig.output);
            let (signature, work) = at_call(spec, function, attributes, &reading, &returns, body);
            (signature, work, boxed(going, &future, &private))
        }
    };
    assemble_closure(function, &signature, body, &callsite, &quote!(#work #future))
}

/// What is done with an output, and when: always or where the span is recorded. A model call ends with it.
pub(super) fn done_in_any_case(returns: &Returns, reading: &Reading, private: &TokenStream) -> TokenStream {
    if reading.is_empty() {
        return quote_spanned!(Span::mixed_site()=> #private::nothing);
    }
    let ty = returns.ty().map_or_else(|| quote!(_), |ty| quote!(#ty));
    let Reading { outcome, events, contents, .. } = reading;
    let recorded = (!(outcome.is_empty() && contents.is_empty())).then(
        || quote_spanned!(Span::mixed_site()=> if #private::is_open(&__CALLSITE) { #outcome #contents }),
    );
    let end =
        reading.is_call.then(|| quote_spanned!(Span::mixed_site()=> __call = #private::LlmCall::new();));
    quote_spanned!(Span::mixed_site()=> move |__returned: &#ty| { #events #recorded #end })
}

fn of_tail(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    returns: &Returns,
    reading: &Reading,
    tail: &Tail,
) -> TokenStream {
    let private = private(spec);
    let recording = quote_spanned!(Span::mixed_site()=> #private::is_open(&__CALLSITE));
    let open = open(spec, function, attributes, &recording);
    let Tail { pin, keywords, block, .. } = tail;
    let tokens = block.stream();
    let declared = reading.is_call.then(|| declared(spec, returns, Span::mixed_site()));
    let mut inner = Group::new(Delimiter::Brace, quote!(#declared #open #tokens));
    inner.set_span(block.span());
    let at = Span::mixed_site().located_at(block.span());
    let future = of_work(spec, at, returns, reading, part::around(spec, quote!(#keywords #inner)));
    if pin.is_empty() {
        return future;
    }
    let mut pinned = Group::new(Delimiter::Parenthesis, future);
    pinned.set_span(block.span());
    quote!(#pin #pinned)
}

/// The statements that open the span and run the body in it, up to `__value`.
fn at_call(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    reading: &Reading,
    returns: &Returns,
    body: &Body,
) -> (syn::Signature, TokenStream) {
    let private = private(spec);
    let (signature, bindings) = rebind(spec, function);
    let recording = quote_spanned!(Span::mixed_site()=> #private::is_open(&__CALLSITE));
    let open = open(spec, function, attributes, &recording);
    let span = going_on(spec);
    let call = reading.declare_call(&private);
    let (allowed, work) = (allowed_of_closure(), closure(returns, &quote!(#bindings #open), body));
    let (part, work) = (part::declare(spec), part::calling(spec, work));
    let tokens = quote_spanned! {Span::mixed_site()=>
        let mut __span = #span;
        #call
        #part
        #allowed
        let __value = #private::GoingOn::in_scope(&mut __span, #work);
    };
    (signature, tokens)
}

pub(super) fn going_on(spec: &Spec) -> TokenStream {
    let private = private(spec);
    match (given(spec), &spec.parent) {
        (Some((at, given)), _) => {
            let parent = quote_spanned!(at=> #private::GivenParent::as_parent(&#given));
            quote_spanned!(Span::mixed_site()=> #private::GoingOn::with_parent(&__CALLSITE, #parent))
        }
        (None, Parent::Root) => quote_spanned! {Span::mixed_site()=>
            #private::GoingOn::with_parent(&__CALLSITE, #private::Parent::Root)
        },
        (None, _) => quote_spanned!(Span::mixed_site()=> #private::GoingOn::new(&__CALLSITE)),
    }
}

fn boxed(going: &Going, value: &TokenStream, private: &TokenStream) -> TokenStream {
    if going.is_boxed { quote_spanned!(Span::mixed_site()=> #private::boxed(#value)) } else { value.clone() }
}

/// A function that returns a stream.
pub(crate) fn stream(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    going: &Going,
) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let reading = reading(spec);
    let callsite = callsite(spec, function, attributes);
    let returns = Returns::of(&function.sig.output);
    let (signature, work) = at_call(spec, function, attributes, &reading, &returns, body);
    let handed_over = hand_over(spec, going, &reading);
    assemble_closure(function, &signature, body, &callsite, &quote!(#work #handed_over))
}

/// An async function that returns a stream.
pub(crate) fn async_stream(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    going: &Going,
) -> TokenStream {
    let Some(body) = &function.body else { return quote!(#function) };
    let private = private(spec);
    let returns = Returns::of(&function.sig.output);
    let reading = reading(spec);
    let (signature, bindings) = rebind(spec, function);
    let recording = quote_spanned!(Span::mixed_site()=> #private::is_open(&__CALLSITE));
    let open = open(spec, function, attributes, &recording);
    let work = crate::expand::asynchronous::block(spec, &returns, &quote!(#bindings #open), body);
    let (span, ty) = (going_on(spec), returns.ty());
    let handed_over = hand_over(spec, going, &reading);
    let (work, value) = match reading.declare_call(&private) {
        Some(call) => (
            quote_spanned! {Span::mixed_site()=> async move {
                #call
                let __value = #work.await;
                (__value, __call)
            }},
            quote_spanned!(Span::mixed_site()=> (__value, __call)),
        ),
        None => part::handing_on(spec, work),
    };
    let future = quote_spanned! {Span::mixed_site()=>
        #private::streaming::<_, #ty, _>(#span, #work, |#value, mut __span| { #handed_over })
    };
    rewrite(spec, function, attributes, &returns, signature, body, &future)
}

/// Streams are read by their items.
fn reading(spec: &Spec) -> Reading {
    Reading {
        outcome: TokenStream::new(),
        events: TokenStream::new(),
        contents: TokenStream::new(),
        is_call: spec.operation.is_model_call(),
    }
}

fn held(reading: &Reading) -> TokenStream {
    if reading.is_call { quote_spanned!(Span::mixed_site()=> __call) } else { quote!(()) }
}

/// The expression that puts `__span` into the stream that `__value` is or holds.
fn hand_over(spec: &Spec, going: &Going, reading: &Reading) -> TokenStream {
    let value = quote_spanned!(Span::mixed_site()=> __value);
    match &going.holders[..] {
        [] => wrapped(spec, going, &value, &held(reading)),
        holders => hand_over_within(holders, spec, going, reading, &value),
    }
}

/// The same where `value` is one of `holders`, or in the last of them.
fn hand_over_within(
    holders: &[Holder],
    spec: &Spec,
    going: &Going,
    reading: &Reading,
    value: &TokenStream,
) -> TokenStream {
    let [holder, inner @ ..] = holders else {
        let (private, ty, stream) = (private(spec), &going.ty, wrapped(spec, going, value, &held(reading)));
        return quote_spanned!(Span::mixed_site()=> #private::call::<#ty>(|| #stream));
    };
    let stream = quote_spanned!(Span::mixed_site()=> __stream);
    let stream = hand_over_within(inner, spec, going, reading, &stream);
    let nothing = without_stream(holder, spec, reading);
    match holder {
        Holder::Result => quote_spanned! {Span::mixed_site()=> match #value {
            ::core::result::Result::Ok(__stream) => ::core::result::Result::Ok(#stream),
            ::core::result::Result::Err(__error) => {
                #nothing
                ::core::result::Result::Err(__error)
            }
        }},
        Holder::Option => quote_spanned! {Span::mixed_site()=> match #value {
            ::core::option::Option::Some(__stream) => ::core::option::Option::Some(#stream),
            ::core::option::Option::None => {
                #nothing
                ::core::option::Option::None
            }
        }},
    }
}

/// What is done inside of the span where there is no stream to go on in.
fn without_stream(holder: &Holder, spec: &Spec, reading: &Reading) -> Option<TokenStream> {
    let private = private(spec);
    let mark = (matches!(holder, Holder::Result) && spec.marks_errors).then(|| {
        quote_spanned! {Span::mixed_site()=> if __recording {
            let __error = &__error;
            #private::outcome!(error __error);
        }}
    });
    let recording = mark.is_some().then(
        || quote_spanned!(Span::mixed_site()=> let __recording = #private::GoingOn::is_recording(&__span);),
    );
    let end = reading.is_call.then(|| quote_spanned!(Span::mixed_site()=> ::core::mem::drop(__call);));
    (mark.is_some() || end.is_some()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #recording
            #private::GoingOn::in_scope(&mut __span, || { #mark #end });
        }
    })
}

fn wrapped(spec: &Spec, going: &Going, stream: &TokenStream, held: &TokenStream) -> TokenStream {
    let private = private(spec);
    let stream = &part::going_on(spec, stream.clone());
    let is_call = spec.operation.is_model_call();
    let wrapped = match &going.output {
        Some(item) if is_call => quote_spanned! {Span::mixed_site()=> {
            let __stream = #private::observed(&mut __span, #stream, |__item: &#item| #private::look!(__item));
            #private::GoingOn::stream(__span, __stream, |_| false, #held)
        }},
        Some(item) if spec.marks_errors => quote_spanned! {Span::mixed_site()=>
            #private::GoingOn::stream(__span, #stream, |__item: &#item| #private::failed!(__item), #held)
        },
        _ => {
            quote_spanned!(Span::mixed_site()=> #private::GoingOn::stream(__span, #stream, |_| false, #held))
        }
    };
    boxed(going, &wrapped, &private)
}
