//! How much of a trace state a context holds.

use std::sync::Arc;

/// The length of the longest list that [the recommendation](https://www.w3.org/TR/trace-context-2/#list) admits: 32
/// members, each a key and a value of 256 characters.
const LONGEST: usize = 32 * (256 + "=".len() + 256 + ",".len()) - ",".len();

/// The list, without the members at its end with which it would be longer than any can be; `None` when that is all of
/// them. Each record of a trace has room for the longest.
pub(crate) fn bounded(list: Arc<str>) -> Option<Arc<str>> {
    if list.len() <= LONGEST {
        return Some(list);
    }
    let end = list.as_bytes()[..=LONGEST].iter().rposition(|byte| *byte == b',')?;
    Some(list[..end].into())
}
