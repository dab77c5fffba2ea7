//! The names that a pattern binds, and those that an expression mentions.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Ident, Pat};

use crate::parse::{Field, Function, Key, Parameter};

/// The names that `pat` binds, in order.
pub(crate) fn bindings_of(pat: &Pat) -> Vec<Ident> {
    let mut names = Vec::new();
    collect(pat, &mut names);
    names
}

/// The names of all parameters.
pub(crate) fn names_of(function: &Function) -> Vec<String> {
    let receiver = function.receiver().map(|_| "self".to_owned());
    let bound = function.parameters.iter().flat_map(|parameter| bindings_of(&parameter.pat));
    bound.map(|name| name.to_string()).chain(receiver).collect()
}

impl Parameter {
    /// Whether its mark records it by the key of the field.
    pub(crate) fn is_marked_as(&self, field: &Field) -> bool {
        let (Some(mark), Key::Text(key, _)) = (&self.mark, &field.key) else { return false };
        match &mark.name {
            Some(name) => name.value() == *key,
            None => bindings_of(&self.pat).iter().any(|name| name.unraw() == key),
        }
    }
}

/// Whether the name is among `tokens`.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

fn collect(pat: &Pat, names: &mut Vec<Ident>) {
    match pat {
        Pat::Ident(binding) => {
            names.push(binding.ident.clone());
            if let Some((_, inner)) = &binding.subpat {
                collect(inner, names);
            }
        }
        Pat::Reference(reference) => collect(&reference.pat, names),
        Pat::Paren(inner) => collect(&inner.pat, names),
        Pat::Type(typed) => collect(&typed.pat, names),
        Pat::Struct(fields) => fields.fields.iter().for_each(|field| collect(&field.pat, names)),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pat| collect(pat, names)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|pat| collect(pat, names)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|pat| collect(pat, names)),
        // In a parameter all alternatives bind the same names.
        Pat::Or(or) => or.cases.first().into_iter().for_each(|pat| collect(pat, names)),
        _ => {}
    }
}
