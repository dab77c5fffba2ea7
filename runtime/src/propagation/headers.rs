//! HTTP headers as carriers.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::propagation::{CarrierKind, Extract, Inject};

impl Extract for HeaderMap {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        self.get_all(key).iter().for_each(|found| value(found.as_bytes()));
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
        if let (Some(name), Ok(value)) = (header_name(key), HeaderValue::from_str(value)) {
            self.insert(name, value);
        }
    }

    fn remove(&mut self, key: &str) {
        HeaderMap::remove(self, key);
    }
}

/// The name of a header; those that every request carries without an allocation.
pub(crate) fn header_name(key: &str) -> Option<HeaderName> {
    Some(match key {
        "traceparent" => HeaderName::from_static("traceparent"),
        "tracestate" => HeaderName::from_static("tracestate"),
        "baggage" => HeaderName::from_static("baggage"),
        "x-request-id" => HeaderName::from_static("x-request-id"),
        _ => return HeaderName::from_bytes(key.as_bytes()).ok(),
    })
}
