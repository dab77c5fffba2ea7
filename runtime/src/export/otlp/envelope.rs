//! What stands around spans and metrics in a request: who made them.

use super::Resource;
use super::attributes::write_all;
use super::keys::Keys;
use super::wire::{self, Type, tag};

// The numbers are those of traces; metrics have the same ones.

/// `ExportTraceServiceRequest.resource_spans`.
const RESOURCE_ITEMS: u8 = 1;
/// The fields of `ResourceSpans`.
mod resource_items {
    pub(super) const RESOURCE: u8 = 1;
    pub(super) const SCOPE_ITEMS: u8 = 2;
}
/// `Resource.attributes`.
const RESOURCE_ATTRIBUTES: u8 = 1;
/// `ScopeSpans.scope`.
const SCOPE: u8 = 1;
/// `ScopeSpans.spans`, `ScopeMetrics.metrics`: what the envelope is for.
pub(super) const ITEMS: u8 = 2;
/// The fields of `InstrumentationScope`.
mod scope {
    pub(super) const NAME: u8 = 1;
    pub(super) const VERSION: u8 = 2;
}

/// The width of the two outer lengths, which are filled in at the end: enough for 256 MiB.
const WIDTH: usize = 4;

/// All that stands before the first item of a request, encoded once, with room for the two outer lengths.
#[derive(Debug)]
pub(super) struct Envelope {
    prefix: Box<[u8]>,
    /// Where the length of the `ScopeSpans` ends in the prefix; that of the `ResourceSpans` begins at 1.
    scope_start: usize,
}

impl Envelope {
    pub(super) fn new(resource: &Resource) -> Self {
        let mut out = Vec::new();
        open(&mut out, RESOURCE_ITEMS);
        wire::nested(&mut out, resource_items::RESOURCE, |out| {
            write_all(out, RESOURCE_ATTRIBUTES, resource.attributes(), &mut Keys::default());
        });
        open(&mut out, resource_items::SCOPE_ITEMS);
        let scope_start = out.len();
        wire::nested(&mut out, SCOPE, |out| {
            wire::delimited(out, scope::NAME, env!("CARGO_PKG_NAME").as_bytes());
            wire::delimited(out, scope::VERSION, env!("CARGO_PKG_VERSION").as_bytes());
        });
        Self { prefix: out.into(), scope_start }
    }

    /// Begins a request in `body`, whose content goes.
    pub(super) fn begin(&self, body: &mut Vec<u8>) {
        body.clear();
        body.extend_from_slice(&self.prefix);
    }

    /// Fills in the lengths.
    pub(super) fn finish(&self, body: &mut [u8]) {
        for start in [1 + WIDTH, self.scope_start] {
            // Nobody reads a request of more than 256 MiB; batches end far below.
            let len = wire::padded::<WIDTH>(body.len() - start).unwrap_or([0; WIDTH]);
            body[start - WIDTH..start].copy_from_slice(&len);
        }
    }
}

fn open(out: &mut Vec<u8>, field: u8) {
    out.push(tag(field, Type::Delimited));
    out.extend_from_slice(&[0; WIDTH]);
}
