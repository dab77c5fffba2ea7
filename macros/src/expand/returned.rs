//! A function that returns a future or a stream: its span goes on in that.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::asynchronous::{declared, done, read, rewrite, traced};
use crate::expand::callsite::callsite;
use crate::expand::open::open;
use crate::expand::parameters::rebind;
use crate::expand::paths::{private, private_at};
use crate::expand::reading::Reading;
use crate::expand::synchronous::{assemble, assemble_closure, closure, given_parent, named};
use crate::model::{Attribute, Content, Going, Operation, Parent, Returns, Spec};
use crate::parse::{Function, Tail};

/// A function that returns a future. When its body is little more than an async block, the span is that of the block;
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
    let private = private(spec);
    if let Some(tail) = Tail::of(&body.tokens).filter(|tail| is_safe(spec, attributes, tail)) {
        let work = of_tail(spec, function, attributes, &returns, &reading, &tail);
        return assemble(function, &function.sig, body, &callsite, &work);
    }
    let (signature, work) = at_call(spec, function, attributes, &reading);
    let done = done_at_call(&returns, &reading, &private);
    let at = body.ours();
    let private = private_at(spec, at);
    let future = quote_spanned!(at=> #private::GoingOn::future(__span, __value, #done));
    let future = boxed(going, &future, &private);
    assemble_closure(function, &signature, body, &callsite, &quote!(#work #future))
}

/// What is done with the output of a future that was made before, and when: always or where the span is recorded. A model
/// call ends with it.
fn done_at_call(returns: &Returns, reading: &Reading, private: &TokenStream) -> TokenStream {
    if reading.is_empty() {
        return quote_spanned!(Span::mixed_site()=> #private::nothing);
    }
    let ty = returns.ty().map_or_else(|| quote!(_), |ty| quote!(#ty));
    let Reading { outcome, events, contents, .. } = reading;
    let end = reading.is_call.then(|| quote_spanned!(Span::mixed_site()=> ::core::mem::drop(__call);));
    quote_spanned! {Span::mixed_site()=> move |__returned: &#ty| {
        #events
        if #private::is_open(&__CALLSITE) {
            #outcome
            #contents
        }
        #end
    }}
}

/// What is evaluated in the block must not have been moved by the statements before it.
fn is_safe(spec: &Spec, attributes: &[Attribute], tail: &Tail) -> bool {
    let evaluates = attributes
        .iter()
        .any(|attribute| matches!(attribute.content, Content::Computed(..) | Content::Argument(_)));
    tail.before.is_empty() || !(evaluates || matches!(spec.parent, Parent::Of(_)) || !spec.links.is_empty())
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
    let Tail { before, pin, keywords, block } = tail;
    let tokens = block.stream();
    let looks = reading.is_call || reading.report().is_some();
    let declared = looks.then(|| declared(spec, returns, Span::mixed_site()));
    let mut inner = Group::new(Delimiter::Brace, quote!(#declared #open #tokens));
    inner.set_span(block.span());
    let work = quote!(#keywords #inner);
    let work = read(&private, returns, reading, work);
    let done = done(returns, reading, &private);
    let traced = traced(spec, Span::mixed_site().located_at(block.span()), &work, &done);
    if pin.is_empty() {
        return quote!(#before #traced);
    }
    let mut pinned = Group::new(Delimiter::Parenthesis, traced);
    pinned.set_span(block.span());
    quote!(#before #pin #pinned)
}

/// The statements that open the span and run the body in it, up to `__value`.
fn at_call(
    spec: &Spec,
    function: &Function,
    attributes: &[Attribute],
    reading: &Reading,
) -> (syn::Signature, TokenStream) {
    let private = private(spec);
    let Some(body) = &function.body else { return (function.sig.clone(), TokenStream::new()) };
    let (signature, bindings) = rebind(spec, function);
    let recording = quote_spanned!(Span::mixed_site()=> #private::is_open(&__CALLSITE));
    let open = open(spec, function, attributes, &recording);
    let span = going_on(spec);
    let call = reading.declare_call(&private);
    let returns = Returns::of(&function.sig.output);
    let (ty, work) = (named(&returns), closure(&returns, &quote!(#bindings #open), body));
    let tokens = quote_spanned! {Span::mixed_site()=>
        let mut __span = #span;
        #call
        let __value = #private::GoingOn::in_scope #ty (&mut __span, #work);
    };
    (signature, tokens)
}

fn going_on(spec: &Spec) -> TokenStream {
    let private = private(spec);
    match &spec.parent {
        Parent::Current => quote_spanned!(Span::mixed_site()=> #private::GoingOn::new(&__CALLSITE)),
        Parent::Root => quote_spanned! {Span::mixed_site()=>
            #private::GoingOn::with_parent(&__CALLSITE, #private::Parent::Root)
        },
        Parent::Of(parent) => {
            let parent = given_parent(spec, parent);
            quote_spanned!(Span::mixed_site()=> #private::GoingOn::with_parent(&__CALLSITE, #parent))
        }
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
    let (signature, work) = at_call(spec, function, attributes, &reading);
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
    let (call, held) = (reading.declare_call(&private), held(&reading));
    let (span, ty) = (going_on(spec), returns.ty());
    let handed_over = hand_over(spec, going, &reading);
    let future = quote_spanned! {Span::mixed_site()=>
        #private::streaming::<_, #ty, _>(
            #span,
            async move {
                #call
                let __value = #work.await;
                (__value, #held)
            },
            |(__value, #held), mut __span| { #handed_over },
        )
    };
    rewrite(spec, function, attributes, &returns, signature, body, &future)
}

/// Streams are read by their items.
fn reading(spec: &Spec) -> Reading {
    Reading {
        outcome: TokenStream::new(),
        events: TokenStream::new(),
        contents: TokenStream::new(),
        is_call: spec.operation == Operation::Llm,
    }
}

fn held(reading: &Reading) -> TokenStream {
    if reading.is_call { quote_spanned!(Span::mixed_site()=> __call) } else { quote!(()) }
}

/// The expression that puts `__span` into the stream that `__value` is or holds.
fn hand_over(spec: &Spec, going: &Going, reading: &Reading) -> TokenStream {
    let private = private(spec);
    let held = held(reading);
    if !going.is_in_result {
        return wrapped(spec, going, &quote_spanned!(Span::mixed_site()=> __value), &held);
    }
    let ok = wrapped(spec, going, &quote_spanned!(Span::mixed_site()=> __stream), &held);
    let ty = &going.ty;
    let mark =
        spec.marks_errors.then(|| quote_spanned!(Span::mixed_site()=> #private::outcome!(error __error);));
    quote_spanned! {Span::mixed_site()=> match __value {
        ::core::result::Result::Ok(__stream) => {
            ::core::result::Result::Ok(#private::call::<#ty>(|| #ok))
        }
        ::core::result::Result::Err(__error) => {
            let __recording = #private::GoingOn::is_recording(&__span);
            #private::GoingOn::in_scope(&mut __span, || {
                if __recording {
                    let __error = &__error;
                    #mark
                }
                ::core::mem::drop(#held);
            });
            ::core::result::Result::Err(__error)
        }
    }}
}

fn wrapped(spec: &Spec, going: &Going, stream: &TokenStream, held: &TokenStream) -> TokenStream {
    let private = private(spec);
    let is_call = spec.operation == Operation::Llm;
    let wrapped = match &going.output {
        Some(item) if is_call => quote_spanned! {Span::mixed_site()=> {
            let __stream = #private::GoingOn::in_scope(&mut __span, || #private::observed(#stream, |__item: &#item| #private::look!(__item)));
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
