//! The fourth stage: the function anew, with its span.

mod asynchronous;
mod callsite;
mod open;
mod parameters;
mod paths;
mod reading;
mod returned;
mod spawned;
mod synchronous;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::diagnostics::Errors;
use crate::model::{Operation, Shape, Spec, attributes};
use crate::parse::{Function, arguments};
use crate::validate::validate;

/// Expands an attribute: all four stages.
pub(crate) fn attribute(operation: Operation, tokens: TokenStream, item: TokenStream) -> TokenStream {
    let mut function: Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_a_function(&error, item),
    };
    let mut errors = Errors::default();
    function.take_marks(&mut errors);
    let mut spec = Spec::new(operation, arguments(operation, tokens, &mut errors), &mut errors);
    spec.complete(&function);
    let attributes = attributes(&spec, &function);
    validate(&spec, &function, &attributes, &mut errors);
    if let Some(errors) = errors.into_tokens() {
        return quote!(#errors #function);
    }
    if let Some(body) = function.body.as_mut().filter(|_| spec.carries) {
        body.tokens = spawned::carry(&spec, std::mem::take(&mut body.tokens));
    }
    match Shape::of(&function) {
        Shape::Sync => synchronous::expand(&spec, &function, &attributes),
        Shape::Async => asynchronous::expand(&spec, &function, &attributes),
        Shape::Future(going) => returned::future(&spec, &function, &attributes, &going),
        Shape::Stream(going) => returned::stream(&spec, &function, &attributes, &going),
        Shape::AsyncStream(going) => returned::async_stream(&spec, &function, &attributes, &going),
    }
}

/// The item goes on as it is: where it is broken, the compiler says so better than we could.
fn not_a_function(error: &syn::Error, item: TokenStream) -> TokenStream {
    if syn::parse2::<syn::Item>(item.clone()).is_err() {
        return item;
    }
    let error = syn::Error::new(
        error.span(),
        "expected a function with a body: this attribute goes on `fn` and `async fn`",
    );
    let mut tokens = error.into_compile_error();
    item.to_tokens(&mut tokens);
    tokens
}

#[cfg(test)]
mod tests;
