//! The names of operations and their spans, by the conventions for generative AI.

use syn::ext::IdentExt;
use syn::{Expr, Lit, parse_quote};

use crate::model::{Operation, Own, Spec};
use crate::parse::{Function, Sigil};

/// The key of an operation's name.
pub(crate) const OPERATION_NAME: &str = "gen_ai.operation.name";
/// The key of the provider's name.
pub(crate) const PROVIDER: &str = "gen_ai.provider.name";
/// The key of the model that was asked for.
pub(crate) const REQUEST_MODEL: &str = "gen_ai.request.model";
const DATA_SOURCE: &str = "gen_ai.data_source.id";
const TOOL: &str = "gen_ai.tool.name";

/// How a span gets its name.
pub(crate) enum Naming {
    /// It is known before the call.
    Static(Expr),
    /// The operation is known; the subject that follows it, behind this key, is not.
    Subject(Expr, &'static str),
}

impl Spec {
    /// Adds what an operation has without being told: its name, and the name of a tool.
    pub(crate) fn complete(&mut self, function: &Function) {
        let operation = match self.operation {
            Operation::Function => return,
            Operation::Llm => "chat",
            Operation::Retrieval => "retrieval",
            Operation::Tool => "execute_tool",
        };
        if self.operation == Operation::Tool && self.own(TOOL).is_none() {
            let name = function.sig.ident.unraw().to_string();
            self.add(TOOL, parse_quote!(#name), function);
        }
        if self.own(OPERATION_NAME).is_none() {
            self.add(OPERATION_NAME, parse_quote!(#operation), function);
        }
    }

    fn add(&mut self, key: &'static str, value: Expr, function: &Function) {
        let span = function.sig.ident.span();
        self.own.insert(0, Own { key, span, sigil: Sigil::Typed, value });
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
        let subject = match self.operation {
            Operation::Function => {
                let name = function.sig.ident.unraw().to_string();
                return Naming::Static(parse_quote!(#name));
            }
            Operation::Llm => REQUEST_MODEL,
            Operation::Retrieval => DATA_SOURCE,
            Operation::Tool => TOOL,
        };
        let operation = self.own(OPERATION_NAME).map(|own| own.value.clone());
        let operation = operation.unwrap_or_else(|| parse_quote!("chat"));
        match (text_of(&operation), self.own(subject).map(|own| text_of(&own.value))) {
            (Some(operation), Some(Some(subject))) => {
                let name = format!("{operation} {subject}");
                Naming::Static(parse_quote!(#name))
            }
            (_, Some(None)) => Naming::Subject(operation, subject),
            (_, None) | (None, Some(Some(_))) => Naming::Static(operation),
        }
    }
}

/// The text of a string literal.
pub(crate) fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
