//! Fields that say something of their span instead of being attributes, in the words of `tracing-opentelemetry`.

use crate::logs::field_values::FieldValues;
use crate::semconv;
use crate::span::{Kind, Value};

/// What the fields of a span say of it.
#[derive(Debug, Default)]
pub(super) struct Special<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) kind: Option<Kind>,
    pub(super) status: Option<Status>,
    pub(super) description: Option<&'a str>,
    pub(super) error_type: Option<&'a str>,
}

/// How a span says that it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    Error,
}

impl<'a> Special<'a> {
    /// Takes what is special out of the fields; the rest are attributes.
    pub(super) fn take(fields: &'a FieldValues) -> (Self, Vec<(&'a str, Value<'a>)>) {
        let mut special = Self::default();
        let attributes = fields.iter().filter(|(key, value)| !special.takes(key, *value)).collect();
        (special, attributes)
    }

    /// What is no text, or names no kind or status, is an attribute as any other.
    fn takes(&mut self, key: &str, value: Value<'a>) -> bool {
        let Value::Str(text) = value else { return false };
        match key {
            semconv::TRACING_NAME => self.name = Some(text),
            semconv::TRACING_KIND => self.kind = kind(text),
            semconv::TRACING_STATUS_CODE => self.status = status(text),
            semconv::TRACING_STATUS_DESCRIPTION | semconv::TRACING_STATUS_MESSAGE => {
                self.description = Some(text)
            }
            semconv::ERROR_TYPE => {
                self.error_type = Some(text);
                return false;
            }
            _ => return false,
        }
        match key {
            semconv::TRACING_KIND => self.kind.is_some(),
            semconv::TRACING_STATUS_CODE => self.status.is_some(),
            _ => true,
        }
    }
}

fn kind(text: &str) -> Option<Kind> {
    let kinds = [
        ("internal", Kind::Internal),
        ("server", Kind::Server),
        ("client", Kind::Client),
        ("producer", Kind::Producer),
        ("consumer", Kind::Consumer),
    ];
    kinds.into_iter().find_map(|(name, kind)| text.eq_ignore_ascii_case(name).then_some(kind))
}

fn status(text: &str) -> Option<Status> {
    match text {
        _ if text.eq_ignore_ascii_case("ok") => Some(Status::Ok),
        _ if text.eq_ignore_ascii_case("error") => Some(Status::Error),
        _ => None,
    }
}
