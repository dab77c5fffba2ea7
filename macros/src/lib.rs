//! The attribute macros of Throughline: `throughline` re-exports and documents them.
//!
//! Four stages, one module each. `parse` reads the tokens of an attribute and of the function or the place under it,
//! `model` gives them meaning, `validate` compares the two, `expand` writes the function anew, or the place with its
//! functions annotated. What an expansion *means* is decided in the runtime: it is one `static` callsite and a call into
//! `throughline::__private` around the body.
//!
//! All errors of one attribute are shown together, and the function is emitted as it was, so that nothing else breaks.

mod diagnostics;
mod expand;
mod model;
mod parse;
mod validate;

use proc_macro::TokenStream;

use crate::model::Operation;

/// Makes a span of every call of a function, or of each function of a place.
#[proc_macro_attribute]
pub fn traced(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Operation::Function, arguments.into(), item.into()).into()
}

/// Makes a span of every call of a language model.
#[proc_macro_attribute]
pub fn llm_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Operation::Llm, arguments.into(), item.into()).into()
}

/// Makes a span of every search for documents.
#[proc_macro_attribute]
pub fn retrieval_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Operation::Retrieval, arguments.into(), item.into()).into()
}

/// Makes a span of every use of a tool.
#[proc_macro_attribute]
pub fn tool_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(Operation::Tool, arguments.into(), item.into()).into()
}
