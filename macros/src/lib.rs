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

use crate::model::operation::{AGENT, EMBEDDING, JOB, LLM, RERANK, RETRIEVAL, TOOL, TRACED, WORKFLOW};

/// Makes a span of every call of a function, or of each function of a place.
#[proc_macro_attribute]
pub fn traced(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&TRACED, arguments.into(), item.into()).into()
}

/// Makes a span of every call of a language model.
#[proc_macro_attribute]
pub fn llm_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&LLM, arguments.into(), item.into()).into()
}

/// Makes a span of every call of a model that makes embeddings.
#[proc_macro_attribute]
pub fn embedding_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&EMBEDDING, arguments.into(), item.into()).into()
}

/// Makes a span of every search for documents.
#[proc_macro_attribute]
pub fn retrieval_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&RETRIEVAL, arguments.into(), item.into()).into()
}

/// Makes a span of every ranking of documents.
#[proc_macro_attribute]
pub fn rerank_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&RERANK, arguments.into(), item.into()).into()
}

/// Makes a span of every use of a tool.
#[proc_macro_attribute]
pub fn tool_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&TOOL, arguments.into(), item.into()).into()
}

/// Makes a span of every run of an agent.
#[proc_macro_attribute]
pub fn agent_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&AGENT, arguments.into(), item.into()).into()
}

/// Makes a span of every run of a workflow.
#[proc_macro_attribute]
pub fn workflow_span(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&WORKFLOW, arguments.into(), item.into()).into()
}

/// Makes a span of all work on a message.
#[proc_macro_attribute]
pub fn job(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&JOB, arguments.into(), item.into()).into()
}
