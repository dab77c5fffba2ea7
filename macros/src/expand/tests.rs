//! What expansions look like. A change here is one that every annotated function of every user compiles.
//!
//! Each file in `shapes` has a function as it is written and what becomes of it. With `THROUGHLINE_BLESS=1` in the
//! environment, what is expanded becomes what is expected: read the difference before committing it.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::expand::attribute;
use crate::model::Operation;
use crate::model::operation::TRACED;

/// Compares tokens, not white space.
#[track_caller]
pub(super) fn check(arguments: TokenStream, function: TokenStream, expected: TokenStream) {
    let expanded = attribute(&TRACED, arguments, function);
    assert_eq!(expanded.to_string(), expected.to_string());
}

/// Between what is written and what it becomes.
const BECOMES: &str = "\n// becomes\n\n";

/// The function of a file, expanded.
fn expanded(written: &str) -> String {
    let mut function: syn::ItemFn = syn::parse_str(written).unwrap();
    let attribute_of_ours = function.attrs.remove(0);
    let name = attribute_of_ours.path().get_ident().unwrap().to_string();
    let operation = Operation::named(&name).unwrap_or_else(|| panic!("no attribute of ours: {name}"));
    let arguments = match attribute_of_ours.meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let expanded = attribute(operation, arguments, function.to_token_stream());
    prettyplease::unparse(&syn::parse2(expanded).unwrap())
}

#[test]
fn each_shape_of_function_becomes_what_its_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/expand/shapes");
    let mut compared = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let written = text.split(BECOMES).next().unwrap();
        let becomes = format!("{written}{BECOMES}{}", expanded(written));
        if std::env::var_os("THROUGHLINE_BLESS").is_some() {
            std::fs::write(&file, &becomes).unwrap();
        } else {
            assert!(text == becomes, "{} should be:\n{text}\nbut is:\n{becomes}", file.display());
        }
        compared += 1;
    }
    assert!(compared > 30, "only {compared} shapes were compared");
}

#[test]
fn a_match_without_arms_finds_self_captured() {
    let has_self = |body: TokenStream| {
        let expanded = attribute(&TRACED, quote!(), quote!(fn f(&mut self) -> Answer { #body }));
        expanded.to_string().contains(&quote!(let _ = &self;).to_string())
    };
    assert!(has_self(quote!(match self.0 {})));
    assert!(has_self(quote!(if true { match (*self).never(|a| { a }) {} } else { None })));
    assert!(!has_self(quote!(match self.0 {
        _ => {}
    })));
    assert!(!has_self(quote!(self.never(|| {}))));
}

#[test]
fn a_pattern_that_is_bound_again_is_documented_as_it_was() {
    let function = quote!(pub fn sum((a, b): (u8, u8), mut c: u8) -> Result<u8, Error>);
    let documented = |attribute_of| {
        let expanded = attribute(&TRACED, quote!(), quote!(#attribute_of #function { Ok(a + b + c) }));
        expanded.to_string().ends_with(&quote!(#[cfg(doc)] #attribute_of #function { loop {} }).to_string())
    };
    assert!(documented(quote!()));
    assert!(documented(quote!(#[inline])));
    // Another macro would expand twice.
    assert!(!documented(quote!(#[test_case])));
}

/// What is completed at a dot is known by the signature and by what stands before.
#[test]
fn a_half_typed_body_is_passed_on() {
    for signature in [
        quote!(fn half(&self, n: u8)),
        quote!(fn half(&self, n: u8) -> Result<u8, Error>),
        quote!(fn half(&self, n: u8) -> impl Stream<Item = u8>),
        quote!(fn half(&self, n: u8) -> BoxFuture<'_, u8>),
        quote!(async fn half(&self, n: u8) -> u8),
        quote!(#[must_use] async fn half(&self, n: u8) -> Result<u8, Error>),
    ] {
        let half = quote!(let local = n; self.field.);
        let expanded = attribute(&TRACED, quote!(), quote!(#signature { #half })).to_string();
        assert!(expanded.contains("fn half (& self , n : u8)"), "{expanded}");
        assert!(expanded.contains(&format!("{half} }}")), "{expanded}");
    }
    let half = quote!(fn half(n: u8) { n. });
    let expanded = attribute(&TRACED, quote!(oops), half.clone()).to_string();
    assert!(expanded.ends_with(&half.to_string()), "{expanded}");
}

#[test]
fn on_an_error_the_function_is_emitted_as_it_was() {
    let expanded = attribute(
        &TRACED,
        quote!(oops),
        quote!(
            fn kept(#[attr] a: u32) -> u32 {
                a
            }
        ),
    );
    let text = expanded.to_string();
    assert!(text.contains("compile_error"), "{text}");
    assert!(text.ends_with("fn kept (a : u32) -> u32 { a }"), "{text}");
}
