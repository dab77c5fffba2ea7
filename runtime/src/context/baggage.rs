//! Baggage: named values that travel with a request to every service it reaches, as in
//! [W3C Baggage](https://www.w3.org/TR/baggage/).
//!
//! Baggage goes to whomever the request goes to: put nothing secret into it, and give `http::ClientLayer` an
//! allow-list of hosts.

use crate::context::{current, slots};

/// The values of a request, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baggage(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: Box<str>,
    value: Box<str>,
    /// What follows the first `;`, passed on as it came.
    metadata: Box<str>,
}

impl Baggage {
    /// No values.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets the value of `name`, in place of an earlier one; `metadata` are its properties as in the header, passed on
    /// verbatim, usually empty.
    pub fn set(&mut self, name: &str, value: &str, metadata: &str) {
        let entry = Entry { name: name.into(), value: value.into(), metadata: metadata.into() };
        match self.0.iter_mut().find(|known| *known.name == *name) {
            Some(known) => *known = entry,
            None => self.0.push(entry),
        }
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|entry| *entry.name == *name).map(|entry| &*entry.value)
    }

    /// Names, values and metadata, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.iter().map(|entry| (&*entry.name, &*entry.value, &*entry.metadata))
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of `name` in the baggage of the current request.
pub fn get(name: &str) -> Option<String> {
    slots::with(current::get().meta, |request| request.baggage.get(name).map(str::to_owned)).flatten()
}

/// Sets a value in the baggage of the current request: it goes out with every later message of this request.
/// Returns `false`, and does nothing, when no request or trace is current.
pub fn set(name: &str, value: &str) -> bool {
    current::with_request(|request| request.baggage.set(name, value, "")).is_some()
}
