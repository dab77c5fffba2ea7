//! The static callsite.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Lit;

use crate::expand::paths::{ours_at, private, private_at};
use crate::model::{Attribute, Content, Level, Naming, Spec};
use crate::parse::Function;

/// `static __CALLSITE: Callsite = ..;`
pub(crate) fn callsite(spec: &Spec, function: &Function, attributes: &[Attribute]) -> TokenStream {
    let private = private(spec);
    let name = name(spec, function);
    let keys = keys(attributes);
    let settings = settings(spec, &private);
    let constants = constants(attributes, &private);
    quote_spanned! {Span::mixed_site()=>
        static __CALLSITE: #private::Callsite = {
            enum __Here {}
            #private::Callsite::of_function::<__Here>(
                #name, ::core::module_path!(), ::core::file!(), ::core::line!()
            ) #keys #settings #constants
        };
    }
}

impl Attribute {
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self.content, Content::Constant(_))
    }
}

fn settings(spec: &Spec, private: &TokenStream) -> TokenStream {
    let target = spec.target.iter().map(|target| quote!(.with_target(#target)));
    let level = spec.level.iter().map(|given| {
        let level = level(spec, given);
        quote!(.with_level(#level))
    });
    let kind = spec.kind.clone().or_else(|| spec.operation.kind.map(variant)).into_iter();
    let operation = spec.operation.variant.map(variant).into_iter();
    quote! {
        #(#target)* #(#level)* #(.with_kind(#private::Kind::#kind))*
        #(.with_operation(#private::Operation::#operation))*
    }
}

fn variant(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// A constant expression of our type `Level`.
pub(super) fn level(spec: &Spec, given: &Level) -> TokenStream {
    match given {
        Level::Named(level) => {
            let private = private(spec);
            quote!(#private::Level::#level)
        }
        Level::Constant(path) => {
            let at = ours_at(path);
            let private = private_at(spec, at);
            quote_spanned!(at=> #private::GivenLevel::of(#path).__level())
        }
    }
}

/// The keys of the attributes that are written by index.
fn keys(attributes: &[Attribute]) -> Option<TokenStream> {
    let indexed = attributes.iter().filter(|attribute| !attribute.is_constant());
    let keys: Vec<_> = indexed.map(|attribute| &attribute.key).collect();
    (!keys.is_empty()).then(|| quote!(.with_keys(&[#(#keys),*])))
}

fn constants(attributes: &[Attribute], private: &TokenStream) -> TokenStream {
    let constants: Vec<_> = attributes.iter().filter_map(|attribute| constant(attribute, private)).collect();
    if constants.is_empty() { TokenStream::new() } else { quote!(.with_constants(&[#(#constants),*])) }
}

fn constant(attribute: &Attribute, private: &TokenStream) -> Option<TokenStream> {
    let Content::Constant(literal) = &attribute.content else { return None };
    let key = &attribute.key;
    let value = match literal {
        Lit::Bool(value) => quote!(Bool(#value)),
        Lit::Int(number) => {
            let value = proc_macro2::Literal::i64_unsuffixed(number.base10_parse().ok()?);
            quote!(Int(#value))
        }
        Lit::Float(value) => quote!(Double(#value)),
        literal => quote!(Str(#literal)),
    };
    Some(quote!((#key, #private::ValueView::#value)))
}

/// The name of the span, as far as it is known before the call.
fn name(spec: &Spec, function: &Function) -> TokenStream {
    match spec.naming(function) {
        Naming::Static(name) => quote!(#name),
        Naming::Opening(known, _) => quote!(#known),
    }
}
