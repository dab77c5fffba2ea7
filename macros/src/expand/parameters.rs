//! Parameters that are bound again inside of the block that becomes the body.
//!
//! The block must own all of them, also those that the body does not name: a permit in an unused parameter is released
//! when the work ends, not when the function is called. And they must be dropped in the order of the compiler, which is
//! the reverse of their declaration, whatever is bound by a pattern before the rest of that parameter.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, FnArg, Pat, PatIdent, Receiver, ReceiverKind, Signature, parse_quote};

use crate::model::{Parent, Spec, bindings_of, mentions};
use crate::parse::Function;

/// The signature with a plain name for every parameter, and the statements that bind them again.
pub(crate) fn rebind(spec: &Spec, function: &Function) -> (Signature, TokenStream) {
    let mut signature = function.sig.clone();
    let mut statements = TokenStream::new();
    for (index, input) in signature.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(receiver) => statements.extend(keep(receiver, function)),
            FnArg::Typed(typed) => {
                let attrs = std::mem::take(&mut typed.attrs);
                // What is conditionally there stays so in both places; lints belong to the user's own binding.
                typed.attrs = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect();
                let pat = std::mem::replace(&mut *typed.pat, Pat::Verbatim(TokenStream::new()));
                let (name, binding) = bind(index, pat);
                *typed.pat = name;
                statements.extend(binding(&attrs));
            }
        }
    }
    let parent = match &spec.parent {
        Parent::Of(parent) => Some(parent),
        Parent::Root | Parent::Current => None,
    };
    for given in parent.into_iter().chain(&spec.request_id) {
        statements.extend(used_by(given, function));
    }
    (signature, statements)
}

/// What the expression of a parent or a request ID names is used, though not in the block.
fn used_by(given: &Expr, function: &Function) -> TokenStream {
    let names = function.parameters.iter().flat_map(|parameter| bindings_of(&parameter.pat));
    let used = names.filter(|name| mentions(given.to_token_stream(), &name.to_string()));
    used.map(|name| quote_spanned!(Span::mixed_site().located_at(name.span())=> let _ = &#name;)).collect()
}

type Binding = Box<dyn Fn(&[syn::Attribute]) -> TokenStream>;

fn bind(index: usize, pat: Pat) -> (Pat, Binding) {
    match pat {
        Pat::Ident(PatIdent { by_ref: None, subpat: None, mutability, ident, attrs }) => {
            let name: Pat = Pat::Ident(PatIdent {
                by_ref: None,
                subpat: None,
                mutability: None,
                ident: ident.clone(),
                attrs,
            });
            let source = ident.clone();
            // Clippy's pedants mind that a name with an underscore is used, and then that it is not.
            let allowed = ident.to_string().starts_with('_').then(|| {
                quote_spanned! {Span::mixed_site()=>
                    #[allow(clippy::used_underscore_binding, clippy::no_effect_underscore_binding)]
                }
            });
            (name, Box::new(move |attrs| quote!(#allowed #(#attrs)* let #mutability #ident = #source;)))
        }
        pat => {
            let name = format_ident!("__arg{index}", span = Span::mixed_site());
            let parameter: Pat = parse_quote!(#name);
            let bind = move |attrs: &[syn::Attribute]| {
                let cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
                quote!(#(#cfgs)* let #name = #name; #(#attrs)* let #pat = #name;)
            };
            (parameter, Box::new(bind))
        }
    }
}

/// A `self` that owns something is taken along even if nothing mentions it. It was declared first, so it goes last, as
/// what a block captures does. An async function takes along a borrowed one too. And a `match` without arms does not capture
/// what it matches, on which the compiler fails in edition 2018.
fn keep(receiver: &Receiver, function: &Function) -> Option<TokenStream> {
    let body = || function.body.iter().map(|body| body.tokens.clone()).collect::<TokenStream>();
    let is_kept = match receiver.kind {
        ReceiverKind::Reference(..) => {
            (function.sig.asyncness.is_some() && !mentions(body(), "self")) || matches_on_nothing(body())
        }
        _ => true,
    };
    let this = &receiver.self_token;
    is_kept.then(|| quote_spanned!(Span::mixed_site()=> let _ = &#this;))
}

/// Whether there is a `match` without arms.
fn matches_on_nothing(tokens: TokenStream) -> bool {
    let mut in_match = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) if word == "match" => {
            in_match = true;
            false
        }
        TokenTree::Group(group) => {
            let are_arms = group.delimiter() == Delimiter::Brace && std::mem::take(&mut in_match);
            (are_arms && group.stream().is_empty()) || matches_on_nothing(group.stream())
        }
        _ => false,
    })
}
