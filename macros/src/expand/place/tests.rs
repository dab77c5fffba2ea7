//! What becomes of places: their functions are annotated, and everything else is as it was.

use quote::quote;

use crate::expand::attribute;
use crate::expand::tests::check;
use crate::model::operation::TRACED;

#[test]
fn the_functions_of_an_impl_block_get_its_attribute() {
    check(
        quote!(level = "debug"),
        quote! {
            /// Docs.
            impl<T: Clone> Cart<T> {
                const LIMIT: usize = 2;

                /// What it holds.
                #[inline]
                pub fn items(&self) -> &[T] { &self.0 }

                const fn limit() -> usize { Self::LIMIT }

                #[traced(name = "pay",)]
                async fn checkout(self) {}

                #[traced(skip)]
                fn clear(&mut self) {}
            }
        },
        quote! {
            /// Docs.
            impl<T: Clone> Cart<T> {
                const LIMIT: usize = 2;

                #[::throughline::traced(__within(traced(level = "debug")))]
                /// What it holds.
                #[inline]
                pub fn items(&self) -> &[T] { &self.0 }

                const fn limit() -> usize { Self::LIMIT }

                #[traced(__within(traced(level = "debug")), name = "pay",)]
                async fn checkout(self) {}

                #[traced(__within(traced(level = "debug")), skip)]
                fn clear(&mut self) {}
            }
        },
    );
}

#[test]
fn the_bodies_of_a_trait_get_its_attribute_and_declarations_do_not() {
    check(
        quote!(),
        quote! {
            pub trait Sells: Send {
                type Price;
                fn price(&self) -> Self::Price;
                async fn sell(&self) { self.price(); }
            }
        },
        quote! {
            pub trait Sells: Send {
                type Price;
                fn price(&self) -> Self::Price;
                #[::throughline::traced(__within(traced()))]
                async fn sell(&self) { self.price(); }
            }
        },
    );
}

#[test]
fn the_functions_and_places_of_a_module_get_its_attribute() {
    check(
        quote!(crate = krate::here, skip(secret)),
        quote! {
            mod shop {
                #![allow(dead_code)]
                use super::*;
                static CART: Cart = Cart { id: 1 };
                fn open(secret: u8) {}
                impl Sells for Cart {}
                mod inner { fn shut() {} }
                macro_rules! by_macro { () => { fn made() {} } }
                by_macro! {}
            }
        },
        quote! {
            mod shop {
                #![allow(dead_code)]
                use super::*;
                static CART: Cart = Cart { id: 1 };
                #[krate::here::traced(__within(traced(crate = krate::here, skip(secret))))]
                fn open(secret: u8) {}
                #[krate::here::traced(__within(traced(crate = krate::here, skip(secret))))]
                impl Sells for Cart {}
                #[krate::here::traced(__within(traced(crate = krate::here, skip(secret))))]
                mod inner { fn shut() {} }
                macro_rules! by_macro { () => { fn made() {} } }
                by_macro! {}
            }
        },
    );
}

#[test]
fn a_place_in_a_place_passes_on_both_attributes() {
    check(
        quote!(__within(tool_span(args)), level = "debug"),
        quote!(
            impl Cart {
                fn id(&self) {}
            }
        ),
        quote! {
            impl Cart {
                #[::throughline::traced(__within(traced(__within(tool_span(args)), level = "debug")))]
                fn id(&self) {}
            }
        },
    );
}

#[test]
fn a_function_takes_over_what_fits_it_and_what_it_does_not_say() {
    check(
        quote!(
            __within(traced(level = "debug", err, skip(secret), fields(a = 1, b = self.b))),
            fields(a = 2)
        ),
        quote! {
            fn of(n: u8) {}
        },
        quote! {
            fn of(n: u8) {
                static __CALLSITE: ::throughline::__private::Callsite = {
                    enum __Here {}
                    ::throughline::__private::Callsite::of_function::<__Here>(
                        "of", ::core::module_path!(), ::core::file!(), ::core::line!()
                    )
                    .with_keys(&["n"])
                    .with_level(::throughline::__private::Level::Debug)
                    .with_constants(&[("a", ::throughline::__private::ValueView::Int(2))])
                };
                let mut __guard = ::throughline::__private::Guard::new();
                ::throughline::__private::Guard::enter(&mut __guard, &__CALLSITE);
                if ::throughline::__private::Guard::is_recording(&__guard) {
                    ::throughline::__private::record(&__CALLSITE, [
                        (0, ::throughline::__private::argument!(n))
                    ]);
                }
            }
        },
    );
}

#[test]
fn what_is_left_out_is_as_it_was() {
    check(
        quote!(__within(traced(args)), skip),
        quote! {
            const fn of(#[attr] n: u8) -> u8 { n }
        },
        quote! {
            const fn of(n: u8) -> u8 { n }
        },
    );
    check(
        quote!(__within(traced(args)), skip),
        quote! {
            mod quiet {
                fn left_out() {}
                #[traced]
                fn asked_for() {}
            }
        },
        quote! {
            mod quiet {
                fn left_out() {}
                #[traced(__within(traced(__within(traced(args)), skip)),)]
                fn asked_for() {}
            }
        },
    );
}

#[test]
fn a_condition_on_an_attribute_decides_between_it_and_the_one_around() {
    check(
        quote!(args),
        quote! {
            impl Cart {
                #[cfg_attr(debug, traced(skip), inline)]
                fn id(&self) {}
            }
        },
        quote! {
            impl Cart {
                #[cfg_attr(not(any(debug)), ::throughline::traced(__within(traced(args))))]
                #[cfg_attr(debug, traced(__within(traced(args)), skip), inline)]
                fn id(&self) {}
            }
        },
    );
}

#[test]
fn half_typed_code_is_passed_on() {
    for half in [
        quote!(
            fn half(&self) {
                self.items.
            }
        ),
        quote!(pub fn),
        quote!(le),
        quote!(#[doc]),
    ] {
        let expanded = attribute(&TRACED, quote!(), quote!(impl Cart { fn whole(&self) {} #half }));
        let text = expanded.to_string();
        assert!(text.ends_with(&format!("{half} }}")), "{text}");
        assert!(text.contains("# [:: throughline :: traced (__within (traced ()))] fn whole"), "{text}");
    }
}

#[test]
fn a_broken_attribute_is_reported_once_and_leaves_everything_as_it_was() {
    let expanded = attribute(
        &TRACED,
        quote!(oops),
        quote!(
            impl Cart {
                fn id(&self, #[attr] n: u8) {}
            }
        ),
    );
    let text = expanded.to_string();
    assert_eq!(text.matches("compile_error").count(), 1, "{text}");
    assert!(text.contains("# [:: throughline :: traced (__within ())] fn id"), "{text}");
    check(
        quote!(__within()),
        quote!(
            fn id(&self, #[attr] n: u8) {}
        ),
        quote!(
            fn id(&self, n: u8) {}
        ),
    );
}
