//! What a single token is.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::Expr;

pub(crate) fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

pub(crate) fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

/// Whether it may be a part of a path.
pub(crate) fn is_of_path(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(_)) || is_punct(Some(token), ':')
}

/// An expression that was an argument of a macro, in parentheses: the group that it is in is not to be seen, and the compiler
/// forgets it where tokens are put together anew.
pub(crate) fn held(token: TokenTree) -> TokenTree {
    match &token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None && falls_apart(group.stream()) => {
            let mut held = Group::new(Delimiter::Parenthesis, group.stream());
            held.set_span(Span::mixed_site().located_at(group.span()));
            held.into()
        }
        _ => token,
    }
}

/// Whether it is an expression of which what stands beside it could take a part.
fn falls_apart(tokens: TokenStream) -> bool {
    syn::parse2(tokens).is_ok_and(|expression| match expression {
        Expr::Assign(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Closure(_) => true,
        Expr::Range(_) | Expr::Reference(_) | Expr::Unary(_) => true,
        _ => false,
    })
}
