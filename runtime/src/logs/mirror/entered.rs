//! The mirrored spans that a thread is in.

use std::cell::RefCell;

use tracing::span::EnteredSpan;

use crate::context::key::Key;
use crate::logs::mirror::at_work::working;
use crate::logs::mirror::open;

thread_local! {
    static ENTERED: RefCell<Vec<(Key, EnteredSpan)>> = const { RefCell::new(Vec::new()) };
}

/// A context has become current: so does what stands for its span, if anything does.
pub(super) fn enter(key: &Key) {
    let entered = open::of(key).and_then(|span| working(*key, || span.entered()));
    if let Some(entered) = entered {
        let _ = ENTERED.try_with(|all| all.borrow_mut().push((*key, entered)));
    }
}

/// It ceases to be. What was entered inside of it and not left is left too, as it is with ours.
pub(super) fn leave(key: &Key) {
    let left = ENTERED.try_with(|all| {
        let mut all = all.borrow_mut();
        let index =
            all.iter().rposition(|(entered, _)| (entered.trace, entered.span) == (key.trace, key.span))?;
        Some(all.split_off(index))
    });
    for (key, entered) in left.ok().flatten().into_iter().flatten().rev() {
        // Not ended by this: it stands for ours.
        let _ = working(key, || drop(entered));
    }
}
