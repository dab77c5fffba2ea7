//! Parts of a request's work with an identity of their own.

use crate::context::identity::Identity;
use crate::context::key::{Key, Meta};
use crate::context::owned::OwnedKey;
use crate::context::{Context, Request, current, slots};

impl Context {
    /// The current context with something said of it: the work in it is a part of the work for the same request.
    #[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "said of work with language models"))]
    pub(crate) fn of_part(identity: &Identity) -> Self {
        // What is bound in the part is bound to the request, if there is one.
        let _ = current::with_request(|_| ());
        let context = Self::current();
        let key = context.key();
        let meta = if key.meta.has_slot() {
            slots::insert_part(key.meta, identity)
        } else {
            let identity = Some(identity.clone().into());
            Some(slots::insert(key.meta, Request { identity, ..Request::default() }))
        };
        match meta {
            Some(meta) => Self::from_owned(OwnedKey::adopt(Key { meta, ..key })),
            None => context,
        }
    }
}

/// A part of the current work, from when it is [begun](begin): the body of an agent.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// With the slot of the part, once it has begun.
    own: OwnedKey,
}

/// The part is what runs on this thread; it is left when this is dropped.
#[derive(Debug)]
pub(crate) struct Inside<'a> {
    part: &'a mut Part,
    before: Key,
}

/// Begins a part: `identity` is said of what follows, up to where the [`Part`] that is entered is left.
#[cfg_attr(not(feature = "llm"), allow(dead_code, reason = "said of work with language models"))]
pub(crate) fn begin(identity: &Identity) {
    // As in `of_part`.
    if current::with_request(|_| ()).is_none() {
        return;
    }
    let key = current::get();
    if let Some(meta) = slots::insert_part(key.meta, identity) {
        current::with(|current| current.meta.set(meta));
    }
}

impl Part {
    /// Enters the part. What is current stays so, but for the slot.
    pub(crate) fn enter(&mut self) -> Inside<'_> {
        let before = current::get();
        let own = self.own.key().meta;
        if own.has_slot() {
            let meta = before.meta.with_slot(own.slot(), own.generation());
            current::with(|current| current.meta.set(meta));
        }
        Inside { part: self, before }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let inside = current::get();
        let own = self.part.own.key().meta;
        let mut meta = self.before.meta.with(inside.meta.0 & Meta::SHARED);
        if !own.has_slot() {
            let request = slots::of_request(inside.meta);
            let is_other = inside.meta.slot_bits() != self.before.meta.slot_bits();
            if !is_other || inside.meta.slot_bits() == request.slot_bits() {
                // Not begun.
                return;
            }
            self.part.own = OwnedKey::adopt(Key { meta: inside.meta, ..Key::EMPTY });
            if !meta.has_slot() {
                meta = meta.with_slot(request.slot(), request.generation());
            }
        }
        if inside.span == self.before.span {
            current::with(|current| current.meta.set(meta));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::ContextParts;

    #[test]
    fn a_part_and_its_request_give_back_their_slots() {
        let parts = ContextParts { request_id: "req-1".parse().ok(), ..ContextParts::default() };
        let context = Context::from(parts);
        let request = context.key().meta;
        let attached = context.attach();
        let mut part = Part::default();
        let inside = part.enter();
        begin(&Identity::new().agent("a"));
        let own = current::get().meta;
        drop(inside);
        assert_eq!(current::get().meta, request, "the part is left");
        let inside = part.enter();
        assert_eq!(current::get().meta, own, "and entered again");
        drop(inside);
        assert_eq!(slots::of_request(own), request);
        drop((attached, context));
        assert!(slots::with(own, |_| ()).is_some(), "the part owns its request");
        drop(part);
        assert!(slots::with(own, |_| ()).is_none());
        assert!(slots::with(request, |_| ()).is_none());
    }
}
