//! Repeated siblings become one row.

use std::collections::HashMap;

use crate::export::terminal::Entry;
use crate::span::Outcome;

/// From how many on: a few of a kind are easier to read one by one.
const FOLD_FROM: usize = 4;

/// What siblings have in common to be folded. Errors only fold with equal errors.
type Alike<'a> = (&'a str, Outcome, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// The siblings, in groups that become a row each, in the order of each group's first. Steps of work with models fold only
/// with those that they follow at once: in what order an agent thinks and acts is what is looked for.
pub(super) fn groups(entries: &[Entry], siblings: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of_kind: HashMap<Alike<'_>, usize> = HashMap::new();
    let mut previous = None;
    let mut group_of = Vec::with_capacity(siblings.len());
    for &place in siblings {
        let kind = alike(&entries[place]);
        let follows = !entries[place].is_step || previous == Some(kind);
        let known = of_kind.get(&kind).copied().filter(|_| follows);
        let group = known.unwrap_or(groups.len());
        if known.is_none() {
            groups.push(Vec::new());
            of_kind.insert(kind, group);
        }
        groups[group].push(place);
        group_of.push(group);
        previous = Some(kind);
    }
    unfold_small(siblings, &group_of, groups)
}

/// Takes small groups apart again, each span to its place by time.
fn unfold_small(siblings: &[usize], group_of: &[usize], mut groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut rows = Vec::new();
    for (&place, &group) in siblings.iter().zip(group_of) {
        let members = &mut groups[group];
        if members.len() >= FOLD_FROM {
            rows.push(std::mem::take(members));
        } else if !members.is_empty() {
            rows.push(vec![place]);
        }
    }
    rows
}

fn alike(entry: &Entry) -> Alike<'_> {
    let model = entry.call.as_ref().and_then(|call| call.model.as_deref());
    (&entry.name, entry.outcome, entry.message.as_deref(), model, entry.service.as_deref())
}
