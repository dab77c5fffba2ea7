//! JSON objects as carriers: `params._meta` of the Model Context Protocol, where
//! [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/) has context under the plain names of the
//! headers, and messages in general.

use serde_json::{Map, Value};

use crate::propagation::{Extract, Inject};

/// The number of bytes of a value that is looked at: more than any of them may have.
const LONGEST: usize = 16 * 1024;

/// Text alone counts. Keys that differ in the case of their letters are one key that is there more than once.
impl Extract for Map<String, Value> {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        let same = self.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
        let texts = same.filter_map(|(_, found)| found.as_str()).filter(|text| text.len() <= LONGEST);
        texts.for_each(|text| value(text.as_bytes()));
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.keys().for_each(|known| key(known));
    }
}

impl Inject for Map<String, Value> {
    fn contains(&self, key: &str) -> bool {
        self.keys().any(|known| known.eq_ignore_ascii_case(key))
    }

    fn set(&mut self, key: &str, value: &str) {
        Inject::remove(self, key);
        self.insert(key.to_owned(), value.into());
    }

    fn remove(&mut self, key: &str) {
        self.retain(|known, _| !known.eq_ignore_ascii_case(key));
    }
}

/// Of what is no object nothing is read, so that it may be missing: `extract(&request["params"]["_meta"])`.
impl Extract for Value {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        if let Self::Object(members) = self {
            members.each(key, value);
        }
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        if let Self::Object(members) = self {
            members.each_key(key);
        }
    }
}

/// Null becomes an object when something is written, so that it may be missing: `inject(&mut request["params"]["_meta"])`.
/// Any other value is left as it is.
impl Inject for Value {
    fn contains(&self, key: &str) -> bool {
        self.as_object().is_some_and(|members| members.contains(key))
    }

    fn set(&mut self, key: &str, value: &str) {
        if self.is_null() {
            *self = Self::Object(Map::new());
        }
        if let Self::Object(members) = self {
            members.set(key, value);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Self::Object(members) = self {
            Inject::remove(members, key);
        }
    }
}
