//! What is read from the returned value: did it fail, and what does it tell of the operation?

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::expand::callsite::level;
use crate::expand::captured::captured_of_returned;
use crate::expand::paths::{ours_at, private};
use crate::model::{Reads, Reported, Returns, Spec};

/// How the returned value is looked at. Statements see it as the reference `__returned`.
pub(crate) struct Reading {
    /// Marks the span as failed. Empty when the value cannot be an error, or that is not wanted.
    pub(crate) outcome: TokenStream,
    /// Emits the events of `err` and `ret`: also where the span is not recorded, for they are log lines too.
    pub(crate) events: TokenStream,
    /// Takes from it what the operation wants to know. Empty when nothing is known of its type.
    pub(crate) contents: TokenStream,
    /// The model call `__call` lives from the opening of the span to here.
    pub(crate) is_call: bool,
}

impl Reading {
    pub(crate) fn of(spec: &Spec, returns: &Returns) -> Self {
        let private = private(spec);
        Self {
            outcome: outcome(spec, returns, &private),
            events: events(spec, returns, &private),
            contents: contents(spec, returns, &private),
            is_call: spec.operation.is_model_call(),
        }
    }

    /// Whether the value is of no interest.
    pub(crate) fn is_empty(&self) -> bool {
        self.outcome.is_empty() && self.events.is_empty() && self.contents.is_empty() && !self.is_call
    }

    /// Whether the function says that it wants to know, and not only that the outcome is of interest to everybody.
    pub(crate) fn is_asked_for(&self) -> bool {
        !self.events.is_empty() || !self.contents.is_empty() || self.is_call
    }

    /// The declaration of the model call, which the body begins through `__begun`.
    pub(crate) fn declare_call(&self, private: &TokenStream) -> Option<TokenStream> {
        self.is_call.then(|| {
            quote_spanned! {Span::mixed_site()=>
                let mut __call = #private::LlmCall::new();
                let __begun = &mut __call;
            }
        })
    }
}

fn outcome(spec: &Spec, returns: &Returns, private: &TokenStream) -> TokenStream {
    match returns {
        _ if !spec.marks_errors => TokenStream::new(),
        Returns::Open(_) => quote_spanned!(Span::mixed_site()=> #private::outcome!(__returned);),
        Returns::OpaqueResult(_) => {
            quote_spanned!(Span::mixed_site()=> #private::outcome!(result __returned);)
        }
        _ => TokenStream::new(),
    }
}

/// The events of `err` and `ret`: on the span, and in the log.
fn events(spec: &Spec, returns: &Returns, private: &TokenStream) -> TokenStream {
    let result = matches!(returns, Returns::OpaqueResult(_)).then(|| quote!(result));
    let err = spec.err.as_ref().map(|reported| {
        let error = quote_spanned!(Span::mixed_site()=> #private::error!(#result __returned));
        let text = match format(reported, private) {
            Some(format) => quote_spanned!(Span::mixed_site()=> #format(__reported)),
            None => quote_spanned!(Span::mixed_site()=> #private::described!(__reported)),
        };
        let level = reported.level.as_ref().map(|given| level(spec, given));
        let level = level.unwrap_or_else(|| quote!(#private::Level::Error));
        event(spec, "error", &level, &error, &text)
    });
    let ret = spec.ret.as_ref().map(|reported| {
        // With `err` beside it, `ret` is for what is no error, as in `tracing`; and it has the level of the span.
        let value = match &spec.err {
            Some(_) => quote_spanned!(Span::mixed_site()=> #private::success!(#result __returned).0),
            None => quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(__returned)),
        };
        let format = format(reported, private).unwrap_or_else(|| quote!(#private::debug));
        let level = reported.level.as_ref().or(spec.level.as_ref()).map(|given| level(spec, given));
        let level = level.unwrap_or_else(|| quote!(#private::Level::Info));
        event(spec, "return", &level, &value, &quote_spanned!(Span::mixed_site()=> #format(__reported)))
    });
    quote!(#err #ret)
}

/// The function that makes a text of a value, in the place of the word that asks for it.
fn format(reported: &Reported, private: &TokenStream) -> Option<TokenStream> {
    let word = reported.format.as_ref()?;
    let at = ours_at(word);
    let function = Ident::new(&word.to_string().to_lowercase(), at);
    Some(quote_spanned!(at=> #private::#function))
}

/// The event for what is behind the `Option` that `value` is.
fn event(
    spec: &Spec,
    key: &str,
    level: &TokenStream,
    value: &TokenStream,
    text: &TokenStream,
) -> TokenStream {
    let private = private(spec);
    let target = match &spec.target {
        Some(target) => quote!(#target),
        None => quote!(::core::module_path!()),
    };
    quote_spanned! {Span::mixed_site()=>
        if let ::core::option::Option::Some(__reported) = #value {
            #private::report!(__CALLSITE, #target, #key, #level, #text);
        }
    }
}

/// Types with `impl` in them are open until the function is checked: asking them anything could change what they are.
fn contents(spec: &Spec, returns: &Returns, private: &TokenStream) -> TokenStream {
    if !matches!(returns, Returns::Plain(_) | Returns::Open(_)) {
        return TokenStream::new();
    }
    let captured = captured_of_returned(spec);
    let read = match (spec.operation.reads, &spec.usage) {
        (Reads::Response, Some(usage)) => quote_spanned! {ours_at(usage)=>
            #private::usage(&__call, #private::success!(__returned), #usage);
        },
        (Reads::Response, None) => {
            quote_spanned!(Span::mixed_site()=> #private::respond!(__call, __returned);)
        }
        (Reads::Count(key), _) => {
            quote_spanned!(Span::mixed_site()=> #private::count!(__returned, #key);)
        }
        (Reads::Nothing, _) => TokenStream::new(),
    };
    // What is read of a response is in the form of the conventions, and comes last to replace the value.
    quote!(#captured #read)
}
