//! HTTP headers as carriers.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::propagation::{CarrierKind, Extract, Inject};

impl Extract for HeaderMap {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        let values = match common(key) {
            Some(name) => self.get_all(name),
            None => self.get_all(key),
        };
        values.iter().for_each(|found| value(found.as_bytes()));
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.keys().for_each(|name| key(name.as_str()));
    }
}

impl Inject for HeaderMap {
    fn kind(&self) -> CarrierKind {
        CarrierKind::Http
    }

    fn contains(&self, key: &str) -> bool {
        self.contains_key(key)
    }

    fn set(&mut self, key: &str, value: &str) {
        if let (Some(name), Ok(value)) = (header_name(key), HeaderValue::from_bytes(value.as_bytes())) {
            // A map with as many headers as it can hold is left as it is.
            let _ = self.try_insert(name, value);
        }
    }

    fn remove(&mut self, key: &str) {
        HeaderMap::remove(self, key);
    }
}

/// The name of a header.
pub(crate) fn header_name(key: &str) -> Option<HeaderName> {
    common(key).cloned().or_else(|| HeaderName::from_bytes(key.as_bytes()).ok())
}

/// The names that every request is asked for, which need no parsing then.
fn common(key: &str) -> Option<&'static HeaderName> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
    static BAGGAGE: HeaderName = HeaderName::from_static("baggage");
    static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    match key {
        "traceparent" => Some(&TRACEPARENT),
        "tracestate" => Some(&TRACESTATE),
        "baggage" => Some(&BAGGAGE),
        "x-request-id" => Some(&REQUEST_ID),
        _ => None,
    }
}
