//! Fields of events and spans.

use std::error::Error;
use std::fmt;

use tracing_core::field::{Field, Visit};

use crate::logs::json::{keys, values};

/// Writes fields as `,"key":value`, each followed by `end`.
pub(in crate::logs) struct Fields<'a, S> {
    out: &'a mut Vec<u8>,
    /// Fields that are left out.
    skip: S,
    end: &'static str,
}

impl<'a, S: Fn(&Field) -> bool> Fields<'a, S> {
    pub(in crate::logs) fn new(out: &'a mut Vec<u8>, end: &'static str, skip: S) -> Self {
        Self { out, skip, end }
    }

    fn field(&mut self, field: &Field, suffix: &str, write: impl FnOnce(&mut Vec<u8>)) {
        if !(self.skip)(field) {
            keys::append(self.out, field.name(), suffix);
            write(self.out);
            self.out.extend_from_slice(self.end.as_bytes());
        }
    }
}

impl<S: Fn(&Field) -> bool> Visit for Fields<'_, S> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.field(field, "", |out| values::scalar(out, &value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.field(field, "", |out| values::scalar(out, &value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.field(field, "", |out| values::integer(out, value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.field(field, "", |out| values::integer(out, value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.field(field, "", |out| values::integer(out, value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.field(field, "", |out| values::scalar(out, &value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field, "", |out| values::scalar(out, value));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.field(field, "", |out| values::bytes(out, value));
    }

    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        self.field(field, "", |out| values::display(out, error));
        if let Some(sources) = values::sources(error) {
            self.field(field, keys::SOURCES, |out| values::list(out, sources, values::display));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.field(field, "", |out| values::debug(out, value));
    }
}
