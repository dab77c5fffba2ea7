//! Which spans of `tracing` a thread is in.

use std::cell::RefCell;

use crate::context::current;
use crate::context::key::Key;

/// A span that is entered, and what was current before.
struct Entered {
    span: u64,
    own: Key,
    before: Key,
    created_under: u64,
}

thread_local! {
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

/// Makes the context of a span current. A thread that is ending enters nothing.
pub(super) fn enter(span: u64, own: Key, created_under: u64) {
    let _ = ENTERED.try_with(|entered| {
        let (before, created_under_before) =
            current::with(|current| (current.replace(own), current.created_under.replace(created_under)));
        let entry = Entered { span, own, before, created_under: created_under_before };
        entered.borrow_mut().push(entry);
    });
}

/// Makes current again what was so before the span was entered; the keys that were current inside, and that it had. Spans of
/// several subscribers may have one ID: `own` is what the span has now, if it is still known.
pub(super) fn exit(span: u64, own: Option<Key>) -> Option<(Key, Key)> {
    let is_it = |entry: &Entered| entry.span == span && own.is_none_or(|own| own.span == entry.own.span);
    let left = ENTERED.try_with(|entered| leave(&mut entered.borrow_mut(), is_it)).ok().flatten()?;
    let inside = current::replace(left.before);
    current::with(|current| current.created_under.set(left.created_under));
    Some((inside, left.own))
}

/// Takes the span off the stack. Where spans were entered inside that are not left yet, they go on, and when the first of
/// them is left, what was before this one is current.
fn leave(entered: &mut Vec<Entered>, is_it: impl Fn(&Entered) -> bool) -> Option<Entered> {
    let index = entered.iter().rposition(is_it)?;
    let mut left = entered.remove(index);
    if let Some(next) = entered.get_mut(index) {
        (next.before, next.created_under) = (left.before, left.created_under);
        left.before = current::get();
        left.created_under = current::with(|current| current.created_under.get());
    }
    Some(left)
}
