//! The items of an `impl` block, a trait or a module. They are told apart by their first words and stay tokens: what is
//! not looked at need not be complete.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};

use crate::parse::{Annotation, held, is_group};

/// One item, up to its semicolon or its braces.
pub(crate) struct Item {
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) kind: Kind,
    /// Where its keyword is.
    pub(crate) span: Span,
}

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Function,
    /// It may run in the compiler, where there is no clock.
    ConstFunction,
    Impl,
    Trait,
    Module,
    /// Something without functions of its own that ends with its braces or a semicolon.
    Other,
    /// Something in which braces do not end it, such as `use` and `static`.
    Statement,
}

impl Item {
    /// The items that `tokens` are.
    pub(crate) fn all(tokens: TokenStream) -> Vec<Self> {
        let mut rest = Rest::new(tokens);
        let mut items = Vec::new();
        while !rest.0.is_empty() {
            items.push(Self::next(&mut rest));
        }
        items
    }

    fn next(rest: &mut Rest) -> Self {
        let mut annotations = Vec::new();
        while let Some(annotation) = rest.annotation() {
            annotations.push(annotation);
        }
        let (kind, span) = rest.kind();
        Self { annotations, tokens: rest.item(kind), kind, span }
    }

    /// Whether it has braces.
    pub(crate) fn has_body(&self) -> bool {
        self.tokens.last().is_some_and(|token| is_group(token, Delimiter::Brace))
    }

    /// Whether it is a function that can be traced, or may have some.
    pub(crate) fn is_traceable(&self) -> bool {
        let kind = match self.kind {
            Kind::Function => !self.annotations.iter().any(Annotation::is_naked),
            Kind::Impl | Kind::Trait | Kind::Module => true,
            Kind::ConstFunction | Kind::Other | Kind::Statement => false,
        };
        kind && self.has_body()
    }
}

/// What has not been read yet, the next token last.
struct Rest(Vec<TokenTree>);

impl Rest {
    fn new(tokens: TokenStream) -> Self {
        let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
        tokens.reverse();
        Self(tokens)
    }

    /// Opens the invisible groups that come next: `$item` and `$vis` of a macro are in such ones.
    fn open(&mut self) {
        while let Some(TokenTree::Group(group)) = self.0.last()
            && group.delimiter() == Delimiter::None
        {
            let Self(inner) = Self::new(group.stream());
            self.0.pop();
            self.0.extend(inner);
        }
    }

    fn annotation(&mut self) -> Option<Annotation> {
        self.open();
        let [.., content, pound] = &self.0[..] else { return None };
        let annotation = Annotation::of(pound, content)?;
        self.0.truncate(self.0.len() - 2);
        Some(annotation)
    }

    /// The kind of the next item, from its first words, and where the word is that tells it.
    fn kind(&mut self) -> (Kind, Span) {
        self.open();
        let mut is_const = false;
        for token in self.0.iter().rev() {
            let word = match token {
                TokenTree::Ident(word) => word.to_string(),
                // `pub(crate)`, `extern "C"`.
                TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => continue,
                TokenTree::Literal(_) => continue,
                token => return (Kind::Other, token.span()),
            };
            let kind = match word.as_str() {
                "const" => {
                    is_const = true;
                    continue;
                }
                "pub" | "default" | "async" | "unsafe" | "safe" | "extern" | "auto" => continue,
                "fn" if is_const => Kind::ConstFunction,
                "fn" => Kind::Function,
                "impl" => Kind::Impl,
                "trait" => Kind::Trait,
                "mod" => Kind::Module,
                "static" | "type" | "use" | "crate" => Kind::Statement,
                _ if is_const => Kind::Statement,
                _ => Kind::Other,
            };
            return (kind, token.span());
        }
        (Kind::Other, Span::call_site())
    }

    /// The tokens of the next item.
    fn item(&mut self, kind: Kind) -> Vec<TokenTree> {
        let mut tokens = Vec::new();
        let mut angles = 0_usize;
        let mut in_arrow = false;
        while let Some(token) = self.0.pop() {
            let braces = is_group(&token, Delimiter::Brace);
            let punct = match &token {
                TokenTree::Punct(punct) => Some((punct.as_char(), punct.spacing())),
                _ => None,
            };
            tokens.push(held(token, self.0.last()));
            match punct {
                Some((';', _)) => break,
                Some(('<', _)) => angles += 1,
                Some(('>', _)) if !in_arrow => angles = angles.saturating_sub(1),
                _ => {}
            }
            in_arrow = matches!(punct, Some(('-' | '=', Spacing::Joint)));
            // Those between angle brackets are the argument of a constant parameter.
            if braces && angles == 0 && kind != Kind::Statement {
                break;
            }
        }
        tokens
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// The kinds of the items that `tokens` are, a `+` for each that is traced.
    #[track_caller]
    fn check(tokens: TokenStream, expected: &[(Kind, bool)]) {
        let text = tokens.to_string();
        let items = Item::all(tokens);
        let kinds: Vec<(Kind, bool)> = items.iter().map(|item| (item.kind, item.is_traceable())).collect();
        assert_eq!(kinds, expected, "{text}");
    }

    #[test]
    fn items_are_told_apart_by_their_first_words() {
        check(
            quote! {
                fn a() {}
                pub(crate) async unsafe fn b<const N: usize>() -> Array<{ N + 1 }> where [u8; { N }]: Sized {}
                pub extern "C" fn c(f: fn() -> u8) -> Vec<Box<dyn Fn() -> u8>> {}
                const fn d() {}
                fn e();
                #[inline] #[unsafe(naked)] unsafe extern "C" fn f() {}
                unsafe impl<T> Send for Holder<{ 3 }> {}
                pub trait Trait: Sized {}
                mod inline {}
                mod elsewhere;
            },
            &[
                (Kind::Function, true),
                (Kind::Function, true),
                (Kind::Function, true),
                (Kind::ConstFunction, false),
                (Kind::Function, false),
                (Kind::Function, false),
                (Kind::Impl, true),
                (Kind::Trait, true),
                (Kind::Module, true),
                (Kind::Module, false),
            ],
        );
    }

    #[test]
    fn items_that_hold_no_function_are_passed_over_whole() {
        check(
            quote! {
                use a::{b, c};
                const A: fn() = { fn inner() {} inner };
                const _: () = { impl A {} };
                pub static B: C = C { d: 1 };
                type D = E<{ 1 }>;
                extern crate core;
                struct F { fn_: u8 }
                struct G(fn() -> u8);
                enum H { A { b: u8 } }
                unsafe extern "C" { fn i(); }
                macro_rules! j { () => { fn k() {} }; }
                l! { fn m() {} }
                n!(fn o() {});
                fn last() {}
            },
            &[
                (Kind::Statement, false),
                (Kind::Statement, false),
                (Kind::Statement, false),
                (Kind::Statement, false),
                (Kind::Statement, false),
                (Kind::Statement, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Other, false),
                (Kind::Function, true),
            ],
        );
    }

    #[test]
    fn what_a_macro_passes_on_is_an_item_like_others() {
        let vis = proc_macro2::Group::new(Delimiter::None, quote!(pub));
        let item = proc_macro2::Group::new(Delimiter::None, quote!(#[inline] #vis fn a() {}));
        check(quote!(#item #vis fn b() {}), &[(Kind::Function, true), (Kind::Function, true)]);
    }
}
