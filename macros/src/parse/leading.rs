//! Whether a body begins with an item, such as a `use`, and not with code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether the first statement is an item, from its first words.
pub(crate) fn begins_with_item(body: &TokenStream) -> bool {
    let mut tokens = body.clone().into_iter().peekable();
    // Attributes of the statement.
    while tokens.next_if(|token| matches!(token, TokenTree::Punct(pound) if pound.as_char() == '#')).is_some()
    {
        tokens.next_if(
            |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket),
        );
    }
    let mut words = tokens.map_while(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let (first, second) = (words.next(), words.next());
    match (first.as_deref(), second.as_deref()) {
        (
            Some(
                "enum" | "extern" | "fn" | "impl" | "macro_rules" | "mod" | "pub" | "struct" | "trait"
                | "type" | "use",
            ),
            _,
        ) => true,
        // Not a block, and not a closure.
        (Some("const" | "static"), Some(name)) => !matches!(name, "async" | "move"),
        (Some("async" | "unsafe"), Some(item)) => {
            matches!(item, "extern" | "fn" | "impl" | "trait" | "unsafe")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_are_known_by_their_first_words() {
        assert!(begins_with_item(&quote!(use a::b;, c)));
        assert!(begins_with_item(&quote!(
            #[cfg(a)]
            #[doc = ""]
            struct A;
        )));
        assert!(begins_with_item(&quote!(
            pub(crate) fn a() {}
        )));
        assert!(begins_with_item(&quote!(const A: u8 = 1;, A)));
        assert!(begins_with_item(&quote!(static mut A: u8 = 1;, A)));
        assert!(begins_with_item(&quote!(
            unsafe extern "C" {}
        )));
        assert!(begins_with_item(&quote!(
            async fn a() {}
        )));
        assert!(begins_with_item(&quote!(
            macro_rules! a {
                () => {};
            }
        )));
    }

    #[test]
    fn code_is_no_item() {
        assert!(!begins_with_item(&quote!()));
        assert!(!begins_with_item(&quote!(used)));
        assert!(!begins_with_item(&quote!(#[allow(a)] let b = 1;)));
        assert!(!begins_with_item(&quote!(const { 1 })));
        assert!(!begins_with_item(&quote!(static || 1)));
        assert!(!begins_with_item(&quote!(static move || 1)));
        assert!(!begins_with_item(&quote!(unsafe { a() })));
        assert!(!begins_with_item(&quote!(async move { a() })));
    }
}
