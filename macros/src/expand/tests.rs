//! What expansions look like. A change here is one that every annotated function of every user compiles.

use proc_macro2::TokenStream;
use quote::quote;

use crate::expand::attribute;
use crate::model::Operation;

/// Compares tokens, not white space.
#[track_caller]
pub(super) fn check(arguments: TokenStream, function: TokenStream, expected: TokenStream) {
    let expanded = attribute(Operation::Function, arguments, function);
    assert_eq!(expanded.to_string(), expected.to_string());
}

#[test]
fn a_sync_function_gets_a_guard() {
    check(
        quote!(),
        quote! {
            /// Docs.
            pub fn add(&self, a: u32) -> u32 {
                a + self.b
            }
        },
        quote! {
            /// Docs.
            pub fn add(&self, a: u32) -> u32 {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "add", ::core::module_path!(), ::core::file!(), ::core::line!(), &[]
                ).with_function({ fn __here() {} __here });
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                a + self.b
            }
        },
    );
}

#[test]
fn a_body_that_begins_with_items_keeps_its_own_braces() {
    check(
        quote!(),
        quote! {
            fn size() -> usize { use std::mem::size_of; size_of::<u8>() }
        },
        quote! {
            fn size() -> usize {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "size", ::core::module_path!(), ::core::file!(), ::core::line!(), &[]
                ).with_function({ fn __here() {} __here });
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                { ; use std::mem::size_of; size_of::<u8>() }
            }
        },
    );
}

#[test]
fn attributes_are_written_when_the_span_is_recorded() {
    check(
        quote!(fields(n = a.len(), plan = "free", text = %a), level = "debug"),
        quote! {
            fn of(a: &str) {}
        },
        quote! {
            fn of(a: &str) {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "of", ::core::module_path!(), ::core::file!(), ::core::line!(), &["n", "text"]
                ).with_function({ fn __here() {} __here })
                .with_level(::throughline::__private::Level::Debug)
                .with_constants(&[("plan", ::throughline::__private::ValueView::Str("free"))]);
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                if ::throughline::__private::Guard::is_recording(&__guard) {
                    ::throughline::__private::record(&__CALLSITE, [
                        (0, ::throughline::__private::typed(&(a.len()))),
                        (1, ::throughline::__private::text(&::throughline::__private::display(&(a))))
                    ]);
                }
            }
        },
    );
}

#[test]
fn a_value_that_can_be_an_error_is_looked_at() {
    check(
        quote!(),
        quote! {
            fn parse(mut a: &str) -> io::Result<u32> { a.parse()? }
        },
        quote! {
            fn parse(a: &str) -> io::Result<u32> {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "parse", ::core::module_path!(), ::core::file!(), ::core::line!(), &[]
                ).with_function({ fn __here() {} __here });
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                let __recording = ::throughline::__private::Guard::is_recording(&__guard);
                match ::throughline::__private::call(move || -> io::Result<u32> {{
                    let mut a = a;
                    { ; a.parse()? }
                }}) {
                    __value => {
                        if __recording {
                            let __returned = &__value;
                            ::throughline::__private::outcome!(__returned);
                        }
                        __value
                    }
                }
            }
        },
    );
}

#[test]
fn a_complex_type_is_told_to_what_calls_the_body() {
    let complex = quote!(Result<Vec<Box<dyn Fn(u8) -> Option<u8>>>, Error>);
    let function = quote! { fn rules() -> #complex { Ok(Vec::new()) } };
    let expanded = attribute(Operation::Function, quote!(), function);
    let call = quote!(::throughline::__private::call::<#complex>(move || { { { ; Ok(Vec::new()) } } }));
    let without_space = |tokens: TokenStream| tokens.to_string().replace(' ', "");
    assert!(without_space(expanded.clone()).contains(&without_space(call)), "{expanded}");
}

#[test]
fn an_async_function_becomes_one_that_returns_a_future_and_is_documented_as_it_was() {
    check(
        quote!(),
        quote! {
            async fn fetch(&self, _: Permit, (a, b): (u8, u8)) -> Result<u8, Error> { Ok(a + b) }
        },
        quote! {
            #[cfg(not(doc))]
            #[allow(clippy::async_yields_async)]
            fn fetch(
                &self,
                __arg1: Permit,
                __arg2: (u8, u8)
            ) -> impl ::core::future::Future<Output = Result<u8, Error> > where {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "fetch", ::core::module_path!(), ::core::file!(), ::core::line!(), &[]
                ).with_function({ fn __here() {} __here });
                ::throughline::__private::traced(
                    &__CALLSITE,
                    async move {{
                        if false {
                            return ::throughline::__private::never::<Result<u8, Error> >();
                        }
                        let __arg1 = __arg1;
                        let _ = __arg1;
                        let __arg2 = __arg2;
                        let (a, b) = __arg2;
                        { ; Ok(a + b) }
                    }},
                    |__returned: &Result<u8, Error> | { ::throughline::__private::outcome!(__returned); }
                )
            }
            #[cfg(doc)]
            async fn fetch(&self, _: Permit, (a, b): (u8, u8)) -> Result<u8, Error> { loop {} }
        },
    );
}

#[test]
fn a_pattern_that_is_bound_again_is_documented_as_it_was() {
    let function = quote!(pub fn sum((a, b): (u8, u8), mut c: u8) -> Result<u8, Error>);
    let documented = |attribute_of| {
        let expanded =
            attribute(Operation::Function, quote!(), quote!(#attribute_of #function { Ok(a + b + c) }));
        expanded.to_string().ends_with(&quote!(#[cfg(doc)] #attribute_of #function { loop {} }).to_string())
    };
    assert!(documented(quote!()));
    assert!(documented(quote!(#[inline])));
    // Another macro would expand twice.
    assert!(!documented(quote!(#[test_case])));
}

#[test]
fn what_is_spawned_is_wrapped_where_it_is_given_to_the_function() {
    check(
        quote!(),
        quote! {
            fn start() {
                select! { _ = tokio::spawn(async { 1 },) => {} }
                ::std::thread::spawn::<_, u8>(move || other::tokio::spawn(2));
            }
        },
        quote! {
            fn start() {
                static __CALLSITE: ::throughline::__private::Callsite = ::throughline::__private::Callsite::new(
                    "start", ::core::module_path!(), ::core::file!(), ::core::line!(), &[]
                ).with_function({ fn __here() {} __here });
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                select! {
                    _ = tokio::spawn(::throughline::__private::FutureWork::new(async { 1 }).__carry(),) => {}
                }
                ::std::thread::spawn::<_, u8>(
                    ::throughline::__private::ClosureWork::returning::<u8>(
                        move || other::tokio::spawn(2)
                    ).__carry()
                );
            }
        },
    );
}

#[test]
fn another_attribute_that_wants_async_finds_it() {
    let expanded = attribute(
        Operation::Function,
        quote!(),
        quote! {
            #[tokio::main]
            async fn main() {}
        },
    );
    let text = expanded.to_string();
    assert!(text.starts_with("# [tokio :: main] async fn main () {"), "{text}");
    assert!(text.ends_with(". await }"), "{text}");
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
        let expanded = attribute(Operation::Function, quote!(), quote!(#signature { #half })).to_string();
        assert!(expanded.contains("fn half (& self , n : u8)"), "{expanded}");
        assert!(expanded.contains(&format!("{half} }}")), "{expanded}");
    }
    let half = quote!(fn half(n: u8) { n. });
    let expanded = attribute(Operation::Function, quote!(oops), half.clone()).to_string();
    assert!(expanded.ends_with(&half.to_string()), "{expanded}");
}

#[test]
fn on_an_error_the_function_is_emitted_as_it_was() {
    let expanded = attribute(
        Operation::Function,
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
