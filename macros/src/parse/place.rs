//! An `impl` block, a trait or a module under the attribute: a place with functions.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::parse::{Annotation, Item, Kind, is_punct};

/// A place with functions.
pub(crate) struct Place {
    pub(crate) kind: Kind,
    /// Where its keyword is.
    pub(crate) span: Span,
    annotations: Vec<Annotation>,
    /// What stands before the braces; all of it when there are none.
    head: Vec<TokenTree>,
    /// What is between the braces.
    pub(crate) content: Option<Content>,
}

/// What is between the braces of a place.
pub(crate) struct Content {
    braces: Span,
    /// `#![..]` at the beginning.
    inner: Vec<TokenTree>,
    pub(crate) items: Vec<Item>,
}

impl Place {
    /// The place that `tokens` are, if they are one.
    pub(crate) fn of(tokens: TokenStream) -> Option<Self> {
        let mut items = Item::all(tokens);
        let item = items.pop().filter(|_| items.is_empty())?;
        Self::of_item(item)
    }

    fn of_item(item: Item) -> Option<Self> {
        if !matches!(item.kind, Kind::Impl | Kind::Trait | Kind::Module) {
            return None;
        }
        let Item { annotations, tokens: mut head, kind, span } = item;
        let content = match head.pop()? {
            TokenTree::Group(braces) if braces.delimiter() == Delimiter::Brace => Some(Content::of(&braces)),
            last => {
                head.push(last);
                None
            }
        };
        Some(Self { kind, span, annotations, head, content })
    }

    /// The items between its braces.
    pub(crate) fn items(&self) -> &[Item] {
        self.content.as_ref().map_or(&[], |content| &content.items)
    }

    /// The place with other items between its braces.
    pub(crate) fn with_items(&self, items: &TokenStream) -> TokenStream {
        let Self { annotations, head, .. } = self;
        let content = self.content.as_ref().map(|Content { braces, inner, .. }| {
            let mut group = Group::new(Delimiter::Brace, quote!(#(#inner)* #items));
            group.set_span(*braces);
            group
        });
        quote!(#(#annotations)* #(#head)* #content)
    }
}

impl Content {
    fn of(braces: &Group) -> Self {
        let mut inner: Vec<TokenTree> = braces.stream().into_iter().collect();
        let mut end = 0;
        while is_punct(inner.get(end), '#') && is_punct(inner.get(end + 1), '!') {
            end += 3;
        }
        let items = inner.split_off(end.min(inner.len()));
        Self { braces: braces.span(), inner, items: Item::all(items.into_iter().collect()) }
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { annotations, tokens: own, .. } = self;
        tokens.extend(quote!(#(#annotations)* #(#own)*));
    }
}
