//! Arguments of a macro that made the code we see, `$number:expr`. Each is in a group that is not to be seen, which the compiler
//! forgets where we hand it tokens that were put together anew: `2 * $number` would take it apart. Parentheses are as good.

use std::mem;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprGroup, ExprParen, Type, TypeParen, token};

/// Tokens that are put together anew, each [`held`].
pub(crate) fn held_all(tokens: impl IntoIterator<Item = TokenTree>) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    std::iter::from_fn(|| {
        let token = tokens.next()?;
        Some(held(token, tokens.peek()))
    })
    .collect()
}

/// An expression of which what stands beside it could take a part, in parentheses.
pub(crate) fn held(token: TokenTree, next: Option<&TokenTree>) -> TokenTree {
    match &token {
        TokenTree::Group(group)
            if group.delimiter() == Delimiter::None && falls_apart(group.stream(), next) =>
        {
            let mut held = Group::new(Delimiter::Parenthesis, group.stream());
            held.set_span(Span::mixed_site().located_at(group.span()));
            held.into()
        }
        _ => token,
    }
}

fn falls_apart(tokens: TokenStream, next: Option<&TokenTree>) -> bool {
    // A statement, `$bound:stmt`, which may read as an expression: `let it = a && b`.
    let is_let = matches!(tokens.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == "let");
    !is_let
        && syn::parse2(tokens).is_ok_and(|expression| match expression {
            Expr::Assign(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Closure(_) | Expr::Range(_) => true,
            // These could be a type, a pattern, or the argument of a constant parameter.
            Expr::RawAddr(_) | Expr::Reference(_) | Expr::Unary(_) => next.is_some_and(takes_what_is_before),
            _ => false,
        })
}

/// A field, a method, a call, an index, `?`: of `-1` and `&it` they would take what is behind the sign.
fn takes_what_is_before(next: &TokenTree) -> bool {
    match next {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '.' | '?'),
        TokenTree::Group(group) => matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket),
        _ => false,
    }
}

/// Puts what is parsed already into parentheses. A word needs none.
pub(crate) struct Held;

impl VisitMut for Held {
    fn visit_expr_mut(&mut self, value: &mut Expr) {
        while let Expr::Group(ExprGroup { attrs, expr, .. }) = value {
            let is_word = matches!(**expr, Expr::Group(_) | Expr::Lit(_) | Expr::Path(_));
            let (attrs, expr) = (mem::take(attrs), expr.clone());
            let paren_token = token::Paren(Span::mixed_site().located_at(expr.span()));
            *value = if is_word { *expr } else { Expr::Paren(ExprParen { attrs, paren_token, expr }) };
        }
        visit_mut::visit_expr_mut(self, value);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::Reference(reference) => hold_bounds(&mut reference.elem),
            Type::Ptr(pointer) => hold_bounds(&mut pointer.elem),
            _ => {}
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

/// `&$ty`, where that is `dyn Debug + Send`.
fn hold_bounds(ty: &mut Type) {
    if let Type::Group(group) = ty
        && matches!(*group.elem, Type::TraitObject(_) | Type::ImplTrait(_))
    {
        let paren_token = token::Paren(Span::mixed_site().located_at(group.elem.span()));
        *ty = Type::Paren(TypeParen { attrs: Vec::new(), paren_token, elem: group.elem.clone() });
    }
}
