//! The names of operations and their spans.

use syn::ext::IdentExt;
use syn::{Expr, Lit, Pat, PatIdent, parse_quote};

use crate::model::operation::{OPERATION_NAME, Subject};
use crate::model::{Own, Spec};
use crate::parse::{Function, Sigil};

/// How a span gets its name.
pub(crate) enum Naming {
    /// It is known before the call.
    Static(Expr),
    /// It is made when the span opens, of the operation and of the subject with this key. Until then it is that of the
    /// operation as far as that is known.
    Opening(String, Option<&'static str>),
}

impl Spec {
    /// Adds what an operation has without being told: its name, its subject where that is named after the function, and the
    /// message where that is the first parameter.
    pub(crate) fn complete(&mut self, function: &Function) {
        if let Subject::GivenOrFunction(key) = self.operation.subject {
            let name = function.sig.ident.unraw().to_string();
            self.add(key, &name, function);
        }
        if let Some(name) = self.operation.name {
            self.add(OPERATION_NAME, name, function);
        }
        if self.operation.takes_message() && self.message.is_none() {
            self.message = function.parameters.first().and_then(|first| name_of(&first.pat));
        }
    }

    /// Adds an attribute of the operation in front of the others, unless it is given.
    fn add(&mut self, key: &'static str, value: &str, function: &Function) {
        if self.own(key).is_none() {
            let span = function.sig.ident.span();
            self.own.insert(0, Own { key, span, sigil: Sigil::Typed, value: parse_quote!(#value) });
        }
    }

    /// The attribute of the operation with this key.
    pub(crate) fn own(&self, key: &str) -> Option<&Own> {
        self.own.iter().find(|own| own.key == key)
    }

    /// How the spans are named: as told, or `{operation} {subject}`, or as the function.
    pub(crate) fn naming(&self, function: &Function) -> Naming {
        if let Some(name) = &self.name {
            return Naming::Static(name.clone());
        }
        let Some(operation) = self.own(OPERATION_NAME) else {
            let name = function.sig.ident.unraw().to_string();
            return Naming::Static(parse_quote!(#name));
        };
        let operation = text_of(&operation.value);
        let subject = self.operation.subject.key().and_then(|key| self.own(key));
        let name = match (operation, subject.map(|own| (own.key, text_of(&own.value)))) {
            (Some(operation), None) => operation,
            (Some(operation), Some((_, Some(subject)))) => format!("{operation} {subject}"),
            (operation, subject) => {
                let known = operation.or_else(|| self.operation.name.map(str::to_owned));
                return Naming::Opening(known.unwrap_or_default(), subject.map(|(key, _)| key));
            }
        };
        Naming::Static(parse_quote!(#name))
    }
}

/// The name that is all of a pattern.
fn name_of(pat: &Pat) -> Option<Expr> {
    match pat {
        Pat::Ident(PatIdent { ident, subpat: None, .. }) => Some(parse_quote!(#ident)),
        _ => None,
    }
}

/// The text of a string literal.
fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
