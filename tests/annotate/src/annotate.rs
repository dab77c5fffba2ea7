//! Puts an attribute in front of every function of a file. Nothing else of the file changes, and no line moves.

use std::ops::RangeInclusive;

use anyhow::{Context as _, Result, anyhow};
use quote::ToTokens;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemTrait, Signature, TraitItemFn, Visibility};

/// A function with a body.
pub(crate) struct Function {
    /// Its name, after those of the modules, types and functions it is in.
    pub(crate) path: String,
    /// Where its first token begins, after its attributes.
    start: usize,
    /// The lines from its first token to its last.
    pub(crate) lines: RangeInclusive<usize>,
    /// It may run in the compiler, and is left alone.
    pub(crate) is_const: bool,
}

/// The functions with a body in the text of a file, those that macros make aside.
pub(crate) fn functions(text: &str) -> Result<Vec<Function>> {
    let mut finder = Finder::default();
    finder.visit_file(&parsed(text)?);
    Ok(finder.functions)
}

/// The text with one more item, before its others.
pub(crate) fn with_first_item(text: &str, item: &str) -> Result<String> {
    let file = parsed(text)?;
    let start = file.items.first().map_or(text.len(), |first| start(&[first]));
    Ok(format!("{}{item} {}", &text[..start], &text[start..]))
}

fn parsed(text: &str) -> Result<syn::File> {
    syn::parse_file(text).map_err(|error| {
        let start = error.span().start();
        anyhow!("{}:{}: {error}", start.line, start.column + 1)
    })
}

/// Where the first token of `parts` begins.
fn start(parts: &[&dyn ToTokens]) -> usize {
    let first = parts.iter().find_map(|part| part.to_token_stream().into_iter().next());
    first.map_or(0, |token| token.span().byte_range().start)
}

/// The text with `attribute` in front of `functions`.
pub(crate) fn annotated<'a>(
    text: &str,
    attribute: &str,
    functions: impl IntoIterator<Item = &'a Function>,
) -> Result<String> {
    let mut starts: Vec<usize> = functions.into_iter().map(|function| function.start).collect();
    starts.sort_unstable();
    let mut annotated = String::with_capacity(text.len() + starts.len() * (attribute.len() + 1));
    let mut end = 0;
    for start in starts {
        let before = text.get(end..start).context("a function begins inside of a character")?;
        annotated.extend([before, attribute, " "]);
        end = start;
    }
    annotated.push_str(&text[end..]);
    Ok(annotated)
}

#[derive(Default)]
struct Finder {
    path: Vec<String>,
    functions: Vec<Function>,
}

impl Finder {
    /// Notes a function, and those in its body.
    fn function(&mut self, vis: &Visibility, sig: &Signature, block: &Block, body: impl FnOnce(&mut Self)) {
        self.within(sig.ident.to_string(), |finder| {
            finder.functions.push(Function {
                path: finder.path.join("::"),
                start: start(&[vis, sig]),
                lines: sig.span().start().line..=block.span().end().line,
                is_const: sig.constness.is_some(),
            });
            body(finder);
        });
    }

    fn within(&mut self, name: String, body: impl FnOnce(&mut Self)) {
        self.path.push(name);
        body(self);
        self.path.pop();
    }
}

impl Visit<'_> for Finder {
    fn visit_item_fn(&mut self, item: &ItemFn) {
        self.function(&item.vis, &item.sig, &item.block, |finder| visit::visit_item_fn(finder, item));
    }

    fn visit_impl_item_fn(&mut self, item: &ImplItemFn) {
        self.function(&item.vis, &item.sig, &item.block, |finder| visit::visit_impl_item_fn(finder, item));
    }

    fn visit_trait_item_fn(&mut self, item: &TraitItemFn) {
        if let Some(block) = &item.default {
            let body = |finder: &mut Self| visit::visit_trait_item_fn(finder, item);
            self.function(&Visibility::Inherited, &item.sig, block, body);
        }
    }

    fn visit_item_mod(&mut self, item: &ItemMod) {
        self.within(item.ident.to_string(), |finder| visit::visit_item_mod(finder, item));
    }

    fn visit_item_trait(&mut self, item: &ItemTrait) {
        self.within(item.ident.to_string(), |finder| visit::visit_item_trait(finder, item));
    }

    fn visit_item_impl(&mut self, item: &ItemImpl) {
        let ty = item.self_ty.to_token_stream().to_string().replace(' ', "");
        self.within(ty, |finder| visit::visit_item_impl(finder, item));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = functions(text).unwrap();
        let traced = found.iter().filter(|function| !function.is_const);
        assert_eq!(annotated(text, "#[t]", traced).unwrap(), expected);
    }

    #[test]
    fn every_function_with_a_body_is_annotated_where_it_begins() {
        check(
            "/// é\n#[inline]\npub(crate) async unsafe fn a() { fn b() {} || 1; }",
            "/// é\n#[inline]\n#[t] pub(crate) async unsafe fn a() { #[t] fn b() {} || 1; }",
        );
        check(
            "trait A { fn b(); fn c() {} } impl A for B { fn c() {} }",
            "trait A { fn b(); #[t] fn c() {} } impl A for B { #[t] fn c() {} }",
        );
        check(
            "mod a { mod b { extern \"C\" fn c() {} } }",
            "mod a { mod b { #[t] extern \"C\" fn c() {} } }",
        );
    }

    #[test]
    fn const_functions_and_those_of_macros_are_not() {
        check("const fn a() {}", "const fn a() {}");
        check("macro_rules! a { () => { fn b() {} } }", "macro_rules! a { () => { fn b() {} } }");
        check("extern \"C\" { fn a(); }", "extern \"C\" { fn a(); }");
    }

    #[test]
    fn an_item_is_added_where_items_may_begin() {
        let text = "//! A\n#![no_std]\n\n/// B\nmod b;";
        assert_eq!(
            with_first_item(text, "use c as _;").unwrap(),
            "//! A\n#![no_std]\n\nuse c as _; /// B\nmod b;"
        );
    }

    #[test]
    fn functions_are_known_by_their_path() {
        let found = functions("mod a { impl B<C> { fn d() { fn e() {} } } trait F { fn g() {} } }").unwrap();
        let paths: Vec<_> = found.iter().map(|function| function.path.as_str()).collect();
        assert_eq!(paths, ["a::B<C>::d", "a::B<C>::d::e", "a::F::g"]);
    }
}
