//! The mirrored spans that a thread is in.

use std::cell::RefCell;
use std::sync::Arc;

use crate::context::key::Key;
use crate::logs::mirror::at_work::working;
use crate::logs::mirror::open;
use crate::logs::mirror::shown::Shown;

thread_local! {
    static ENTERED: RefCell<Vec<Arc<Shown>>> = const { RefCell::new(Vec::new()) };
}

/// A context has become current: so does what stands for its span, if anything does.
pub(super) fn enter(key: &Key) {
    let Some(shown) = open::of(key) else { return };
    let is_entered = working(*key, || shown.span.with_subscriber(|(id, its)| its.enter(id))).is_some();
    if is_entered {
        let _ = ENTERED.try_with(|all| all.borrow_mut().push(shown));
    }
}

/// It ceases to be. What was entered inside of it and not left is left too, as it is with ours.
pub(super) fn leave(key: &Key) {
    let left = ENTERED.try_with(|all| {
        let mut all = all.borrow_mut();
        let index =
            all.iter().rposition(|shown| (shown.key.trace, shown.key.span) == (key.trace, key.span))?;
        Some(all.split_off(index))
    });
    for shown in left.ok().flatten().into_iter().flatten().rev() {
        let _ = working(shown.key, || shown.span.with_subscriber(|(id, its)| its.exit(id)));
    }
}
