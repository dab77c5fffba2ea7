//! Makes a tree fit into an attribute, and keeps it valid JSON.

use std::io;

use serde_json::Number;

use crate::llm::content::tree::{Text, Tree};

/// The JSON of `tree` in at most `most` bytes; `None` when not even what says that it was left out fits.
///
/// First long texts lose their ends. Then elements in the middle of the outer list are left out, where `left_out` says how
/// many: the first one and the last ones say most of what a conversation is about. Then lists and objects inside of it
/// lose what they have too many of.
pub(super) fn fit(mut tree: Tree, most: usize, left_out: fn(usize) -> Tree) -> Option<String> {
    mark_unread(&mut tree);
    let whole = size(&tree);
    if whole <= most {
        return Some(tree.to_json());
    }
    let mut longest = most / 2;
    while longest >= 64 {
        shorten(&mut tree, longest);
        if size(&tree) <= most {
            return Some(tree.to_json());
        }
        // Texts of a long conversation are halved a few times, before messages of it go.
        if (longest < most / 16 || longest < 128) && without_middle(&mut tree, most, left_out) {
            return Some(tree.to_json());
        }
        longest /= 2;
    }
    for widest in [64, 16, 4] {
        narrow(&mut tree, widest, 0);
        if size(&tree) <= most {
            return Some(tree.to_json());
        }
    }
    let nothing = match &tree {
        Tree::List(list) => Tree::List(vec![left_out(list.len())]),
        _ => Tree::Word(format!("[{whole} bytes left out]")),
    };
    (size(&nothing) <= most).then(|| nothing.to_json())
}

/// `text` in at most `most` bytes.
pub(super) fn fit_text(text: Text, most: usize) -> Option<String> {
    let mut text = Tree::Text(text);
    mark_unread(&mut text);
    if text.as_str()?.len() > most {
        shorten(&mut text, most.checked_sub(MARK)?);
    }
    Some(text.as_str()?.to_owned())
}

/// Room for what says how much a text has lost.
const MARK: usize = 48;

/// Says in each text of which only the beginning was read how much is missing.
fn mark_unread(tree: &mut Tree) {
    match tree {
        Tree::Text(text) if text.is_cut() => {
            let missing = text.bytes - text.kept.len();
            text.kept.push_str(&mark(missing));
            text.bytes = text.kept.len();
        }
        Tree::List(list) => list.iter_mut().for_each(mark_unread),
        Tree::Map(fields) => fields.iter_mut().for_each(|(_, value)| mark_unread(value)),
        _ => {}
    }
}

fn mark(missing: usize) -> String {
    format!(" … [{missing} bytes left out]")
}

/// Cuts every text longer than `longest`.
fn shorten(tree: &mut Tree, longest: usize) {
    match tree {
        Tree::Text(text) if text.kept.len() > longest + MARK => {
            let kept = text.kept.floor_char_boundary(longest);
            let before = missing(&text.kept);
            let missing =
                before.map_or(text.kept.len() - kept, |(at, missing)| at.saturating_sub(kept) + missing);
            text.kept.truncate(kept);
            text.kept.push_str(&mark(missing));
        }
        Tree::List(list) => list.iter_mut().for_each(|element| shorten(element, longest)),
        Tree::Map(fields) => fields.iter_mut().for_each(|(_, value)| shorten(value, longest)),
        _ => {}
    }
}

/// Where the mark at the end of `text` begins, and how many bytes it says are missing.
fn missing(text: &str) -> Option<(usize, usize)> {
    let (kept, missing) = text.strip_suffix(" bytes left out]")?.rsplit_once(" … [")?;
    Some((kept.len(), missing.parse().ok()?))
}

/// Leaves elements in the middle of a list out until it fits; `false`, and nothing is changed, when that is not enough.
fn without_middle(tree: &mut Tree, most: usize, left_out: fn(usize) -> Tree) -> bool {
    let Tree::List(list) = tree else { return false };
    let sizes: Vec<usize> = list.iter().map(|element| size(element) + 1).collect();
    let Some((first, rest)) = sizes.split_first() else { return false };
    let marker = size(&left_out(list.len())) + 1;
    let mut room = most.saturating_sub(first + marker + 2);
    let last = rest.iter().rev().take_while(|&&bytes| {
        let fits = bytes <= room;
        room = room.saturating_sub(bytes);
        fits
    });
    let last = last.count();
    if last == 0 || last == rest.len() {
        return false;
    }
    let count = rest.len() - last;
    list.splice(1..=count, [left_out(count)]);
    true
}

/// Leaves out what lists and objects below the outermost have more than `widest` of.
fn narrow(tree: &mut Tree, widest: usize, depth: usize) {
    match tree {
        Tree::List(list) => {
            if depth > 0 && list.len() > widest {
                let count = list.len() - widest;
                list.truncate(widest);
                list.push(Tree::Word(format!("[{count} left out]")));
            }
            list.iter_mut().for_each(|element| narrow(element, widest, depth + 1));
        }
        Tree::Map(fields) => {
            if fields.len() > widest.max(8) {
                let count = fields.len() - widest;
                fields.truncate(widest);
                fields.push(("[left out]".to_owned(), Tree::Number(Number::from(count))));
            }
            fields.iter_mut().for_each(|(_, value)| narrow(value, widest, depth + 1));
        }
        _ => {}
    }
}

/// The bytes of the JSON of `tree`.
fn size(tree: &Tree) -> usize {
    let mut counter = Counter(0);
    // A counter takes anything.
    let _ = serde_json::to_writer(&mut counter, tree);
    counter.0
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
