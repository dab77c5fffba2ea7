//! Formats of one header that has the whole trace.

use crate::context::ContextParts;
use crate::propagation::formats::text::Text;
use crate::propagation::formats::trace::Trace;
use crate::propagation::formats::value;
use crate::propagation::{Extract, Inject, Propagator};

/// The value of a header, as long as the longest of them.
pub(super) type Written = Text<74>;

/// A format of one header that has the whole trace.
#[derive(Debug)]
pub(super) struct SingleHeader {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) parse: fn(&[u8]) -> Option<Trace>,
    pub(super) write: fn(&Trace) -> Written,
}

impl Propagator for SingleHeader {
    fn name(&self) -> &str {
        self.name
    }

    fn each_field(&self, field: &mut dyn FnMut(&str)) {
        field(self.key);
    }

    fn extract(&self, carrier: &dyn Extract, parts: &mut ContextParts) {
        if let Some(trace) = value::read(carrier, self.key, self.parse).ok() {
            trace.put_into(parts);
        }
    }

    fn inject(&self, parts: &ContextParts, carrier: &mut dyn Inject) {
        if let Some(trace) = Trace::of(parts) {
            carrier.set(self.key, (self.write)(&trace).as_str());
        }
    }
}
