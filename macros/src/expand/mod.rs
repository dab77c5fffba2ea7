//! The fourth stage: the function anew, with its span; the place anew, with its functions annotated.

mod asynchronous;
mod callsite;
mod canonical;
mod captured;
mod open;
mod parameters;
mod paths;
mod place;
mod reading;
mod returned;
mod spawned;
mod synchronous;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{ForeignItem, Item};

use crate::diagnostics::Errors;
use crate::model::{Operation, Shape, Spec, attributes, inherit};
use crate::parse::{Arguments, Function, Place, Within};
use crate::validate::{check_left_out, validate};

/// Expands an attribute: all four stages.
pub(crate) fn attribute(
    operation: &'static Operation,
    tokens: TokenStream,
    item: TokenStream,
) -> TokenStream {
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => of_function(operation, tokens, function),
        Err(error) => match Place::of(item.clone()) {
            Some(place) => place::expand(operation, tokens, &place),
            None => neither(&error, item),
        },
    }
}

fn of_function(operation: &'static Operation, tokens: TokenStream, mut function: Function) -> TokenStream {
    let mut errors = Errors::default();
    function.take_marks(&mut errors);
    let arguments = Arguments::read(operation, tokens, &mut errors);
    check_left_out(&arguments, &mut errors);
    if arguments.left_out.is_some() || matches!(arguments.within, Some(Within::Broken)) {
        let errors = errors.into_tokens();
        return quote!(#errors #function);
    }
    let mut spec = Spec::new(operation, inherit(arguments, Some(&function)), &mut errors);
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
fn neither(error: &syn::Error, item: TokenStream) -> TokenStream {
    let Some(span) = keyword(&item, error) else { return item };
    let error = syn::Error::new(
        span,
        "expected a function with a body, an `impl` block, a trait, or a module with a body",
    );
    let mut tokens = error.into_compile_error();
    item.to_tokens(&mut tokens);
    tokens
}

/// Where the keyword of a whole item is.
fn keyword(item: &TokenStream, error: &syn::Error) -> Option<Span> {
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Const(item)) => Some(item.const_token.span),
        Ok(Item::ExternCrate(item)) => Some(item.extern_token.span),
        Ok(Item::ForeignMod(item)) => Some(item.abi.extern_token.span),
        Ok(_) => Some(error.span()),
        // `safe fn` of an `extern` block.
        Err(_) => syn::parse2::<ForeignItem>(item.clone()).ok().map(|_| error.span()),
    }
}

#[cfg(test)]
mod tests;
