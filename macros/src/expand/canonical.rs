//! Bodies that clippy wants to be as they are, and not a word more: with a span in front it would object to them.

use proc_macro2::TokenTree;

use crate::parse::{Function, is_of_path};

/// Whether the function has a body of which clippy would say that it is not canonical, once it has a span.
pub(crate) fn is_canonical(function: &Function) -> bool {
    let Some(body) = &function.body else { return false };
    let tokens = || body.tokens.clone().into_iter().collect::<Vec<_>>();
    match function.sig.ident.to_string().as_str() {
        "clone" => function.receiver().is_some() && is_self(&tokens()),
        "partial_cmp" => function.receiver().is_some() && is_total(&tokens()),
        // Type parameters need no use where there is nothing else either.
        _ => body.tokens.is_empty() && function.sig.generics.type_params().next().is_some(),
    }
}

/// `*self`.
fn is_self(body: &[TokenTree]) -> bool {
    matches!(body, [TokenTree::Punct(star), TokenTree::Ident(this)] if star.as_char() == '*' && this == "self")
}

/// `Some(self.cmp(other))` or `self.cmp(other).into()`, also behind a `return`.
fn is_total(body: &[TokenTree]) -> bool {
    match body {
        [TokenTree::Ident(word), value @ .., TokenTree::Punct(end)]
            if word == "return" && end.as_char() == ';' =>
        {
            is_total(value)
        }
        [path @ .., TokenTree::Ident(some), TokenTree::Group(value)]
            if some == "Some" && path.iter().all(is_of_path) =>
        {
            is_cmp(&value.stream().into_iter().collect::<Vec<_>>())
        }
        [value @ .., TokenTree::Punct(_), TokenTree::Ident(into), TokenTree::Group(_)] if into == "into" => {
            is_cmp(value)
        }
        _ => false,
    }
}

fn is_cmp(value: &[TokenTree]) -> bool {
    matches!(value, [.., TokenTree::Ident(cmp), TokenTree::Group(_)] if cmp == "cmp")
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    #[track_caller]
    fn check(signature: TokenStream, body: TokenStream, expected: bool) {
        let function = syn::parse2(quote!(fn #signature { #body })).unwrap();
        assert_eq!(is_canonical(&function), expected, "{body}");
    }

    #[test]
    fn the_copy_of_a_copy_type_is_canonical() {
        check(quote!(clone(&self) -> Self), quote!(*self), true);
        check(quote!(clone(&self) -> Self), quote!(Self { ..*self }), false);
        check(quote!(copy(&self) -> Self), quote!(*self), false);
    }

    #[test]
    fn a_check_of_types_has_no_body() {
        check(quote!(assert_send<T: Send>()), quote!(), true);
        check(quote!(assert_send<T: Send>()), quote!(let a = 1;), false);
        check(quote!(assert_borrowed<'a>(a: &'a u8)), quote!(), false);
    }

    #[test]
    fn a_partial_order_that_is_the_total_one_is_canonical() {
        let signature = quote!(partial_cmp(&self, other: &Self) -> Option<Ordering>);
        let returned = quote!(
            return Some(self.cmp(other));
        );
        check(signature.clone(), quote!(Some(self.cmp(other))), true);
        check(signature.clone(), quote!(std::option::Option::Some(Ord::cmp(self, other))), true);
        check(signature.clone(), quote!(self.cmp(other).into()), true);
        check(signature.clone(), returned, true);
        check(signature.clone(), quote!(self.0.partial_cmp(&other.0)), false);
        check(signature, quote!(let a = 1; Some(self.cmp(other))), false);
    }
}
