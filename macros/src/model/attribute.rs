//! The attributes of the span, from wherever they are given.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, Ident, Lit, Pat, Type};

use crate::model::{Record, Spec, bindings_of};
use crate::parse::{Field, Function, Key, Parameter, Sigil};

/// One attribute of the span.
pub(crate) struct Attribute {
    /// A constant expression of type `&'static str`.
    pub(crate) key: TokenStream,
    /// The key as text, where it is known here.
    pub(crate) text: Option<String>,
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// What the value of an attribute is.
pub(crate) enum Content {
    /// Declared only: it gets its value later.
    Declared,
    /// The same for every span: a literal.
    Constant(Lit),
    /// Computed when the span opens.
    Computed(Sigil, TokenStream),
    /// An argument, recorded as typed value or, where its type has none, by its `Debug`.
    Argument(TokenStream),
}

/// All attributes: those of the operation, then arguments, then `fields`. A field replaces an argument of the same name.
pub(crate) fn attributes(spec: &Spec, function: &Function) -> Vec<Attribute> {
    let arguments: Vec<Attribute> =
        function.parameters.iter().flat_map(|parameter| of_parameter(spec, parameter)).collect();
    let has_arguments = !arguments.is_empty();
    let fields: Vec<Attribute> = spec.fields.iter().map(|field| of_field(field, has_arguments)).collect();
    let own = spec.own.iter().map(|own| Attribute {
        key: own.key.to_token_stream(),
        text: Some(own.key.to_owned()),
        span: own.span,
        content: of_value(own.sigil, &own.value),
    });
    let arguments =
        arguments.into_iter().filter(|argument| fields.iter().all(|field| field.text != argument.text));
    let mut all: Vec<Attribute> = own.chain(arguments).collect();
    all.extend(fields);
    all
}

/// A key that is not known here could be that of an argument: its value is then written after that, to replace it.
fn of_field(field: &Field, has_arguments: bool) -> Attribute {
    let (key, text) = match &field.key {
        Key::Text(text, _) => (text.to_token_stream(), Some(text.clone())),
        Key::Const(expr) => (expr.to_token_stream(), None),
    };
    let content = match &field.value {
        None => Content::Declared,
        Some(value) if text.is_none() && has_arguments => {
            Content::Computed(field.sigil, value.to_token_stream())
        }
        Some(value) => of_value(field.sigil, value),
    };
    Attribute { key, text, span: field.key.span(), content }
}

fn of_value(sigil: Sigil, value: &Expr) -> Content {
    match value {
        Expr::Lit(literal) if sigil == Sigil::Typed && is_constant(&literal.lit) => {
            Content::Constant(literal.lit.clone())
        }
        value => Content::Computed(sigil, value.to_token_stream()),
    }
}

/// Whether a literal can stand in the callsite.
fn is_constant(literal: &Lit) -> bool {
    match literal {
        Lit::Str(_) | Lit::Bool(_) => true,
        Lit::Int(number) => {
            number.base10_parse::<i64>().is_ok() && number.suffix() != "f32" && number.suffix() != "f64"
        }
        Lit::Float(number) => number.suffix() != "f32",
        _ => false,
    }
}

fn of_parameter(spec: &Spec, parameter: &Parameter) -> Vec<Attribute> {
    let asked = matches!(spec.record, Record::All) && spec.given("skip_all").is_none();
    let names = bindings_of(&parameter.pat);
    let marked = parameter.mark.is_some();
    let names = names.into_iter().filter(|name| marked || (asked && !spec.skip.contains(name)));
    // A given key is for one name; that there are more is an error of its own.
    let most = if parameter.mark.as_ref().is_some_and(|mark| mark.name.is_some()) { 1 } else { usize::MAX };
    names.take(most).map(|name| of_argument(&name, parameter)).collect()
}

fn of_argument(name: &Ident, parameter: &Parameter) -> Attribute {
    let mark = parameter.mark.as_ref();
    let text = match mark.and_then(|mark| mark.name.as_ref()) {
        Some(given) => given.value(),
        None => name.unraw().to_string(),
    };
    let value = match parameter.pat {
        Pat::Ident(_) => argument_value(name, &parameter.ty),
        // The type is that of the whole parameter.
        _ => name.to_token_stream(),
    };
    let content = match mark {
        Some(mark) => Content::Computed(mark.sigil, value),
        None => Content::Argument(value),
    };
    Attribute { key: text.to_token_stream(), text: Some(text), span: name.span(), content }
}

/// What is behind a reference, so that a typed value is found whatever the parameter borrows.
fn argument_value(name: &Ident, ty: &Type) -> TokenStream {
    let mut value = name.to_token_stream();
    let mut ty = ty;
    while let Type::Reference(reference) = ty {
        ty = &reference.elem;
        if matches!(ty, Type::Slice(_)) {
            break;
        }
        value = quote_spanned!(Span::mixed_site().located_at(name.span())=> *#value);
    }
    value
}
