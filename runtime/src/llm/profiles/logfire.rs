//! Logfire computes costs of its own from tokens alone, and has none in its queries, unless this key is there.

use super::additions::Additions;
use crate::semconv::logfire;

pub(super) fn translate(additions: &mut Additions<'_>) {
    additions.add(logfire::OPERATION_COST, additions.facts.cost());
}
