//! The names that a pattern binds.

use syn::{Ident, Pat};

/// The names that `pat` binds, in order.
pub(crate) fn bindings_of(pat: &Pat) -> Vec<Ident> {
    let mut names = Vec::new();
    collect(pat, &mut names);
    names
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
