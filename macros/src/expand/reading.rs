//! What is read from the returned value: did it fail, and what does it tell of the operation?

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::expand::paths::{ours_at, private};
use crate::model::{Operation, Returns, Spec};

/// How the returned value is looked at. Statements see it as the reference `__returned`.
pub(crate) struct Reading {
    /// Marks the span as failed. Empty when the value cannot be an error, or that is not wanted.
    pub(crate) outcome: TokenStream,
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
            contents: contents(spec, returns, &private),
            is_call: spec.operation == Operation::Llm,
        }
    }

    /// Whether the value is of no interest.
    pub(crate) fn is_empty(&self) -> bool {
        self.outcome.is_empty() && self.contents.is_empty() && !self.is_call
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
        _ if matches!(spec.err, Some(None)) => TokenStream::new(),
        Returns::Open(_) => quote_spanned!(Span::mixed_site()=> #private::outcome!(__returned);),
        Returns::OpaqueResult(_) => {
            quote_spanned!(Span::mixed_site()=> #private::outcome!(result __returned);)
        }
        _ => TokenStream::new(),
    }
}

/// Types with `impl` in them are open until the function is checked: asking them anything could change what they are.
fn contents(spec: &Spec, returns: &Returns, private: &TokenStream) -> TokenStream {
    if !matches!(returns, Returns::Plain(_) | Returns::Open(_)) {
        return TokenStream::new();
    }
    match (spec.operation, &spec.usage) {
        (Operation::Llm, Some(usage)) => quote_spanned! {ours_at(usage)=>
            #private::usage(&__call, #private::success!(__returned), #usage);
        },
        (Operation::Llm, None) => {
            quote_spanned!(Span::mixed_site()=> #private::respond!(__call, __returned);)
        }
        (Operation::Retrieval, _) => quote_spanned!(Span::mixed_site()=> #private::retrieved!(__returned);),
        (Operation::Function | Operation::Tool, _) => TokenStream::new(),
    }
}
