//! What may be in a body, by one walk through the buffer it is parsed from: that asks nothing of the compiler, which is the
//! better part of what an attribute takes of its time.

use proc_macro2::Delimiter;
use syn::buffer::Cursor;

/// What may be in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Something that starts work elsewhere, by its name.
    pub(crate) spawns: bool,
    /// The word `async`.
    pub(crate) has_async: bool,
    /// What clippy takes for an effect where it may be a `static` that changes: a name in capitals, or a path that is passed
    /// on and is no variable's.
    pub(crate) has_effect: bool,
    /// It begins with an item, as far as its first word tells.
    pub(crate) begins_with_item: bool,
    /// It has a span already.
    pub(crate) is_expanded: bool,
}

impl Scan {
    pub(crate) fn of(body: Cursor<'_>) -> Self {
        let mut scan = Self {
            begins_with_item: begins_with_item(body),
            is_expanded: begins_with_callsite(body),
            ..Self::default()
        };
        scan.walk(body, false);
        scan
    }

    /// Walks through what is between the same braces; `are_arguments` where these are parentheses.
    fn walk(&mut self, mut cursor: Cursor<'_>, are_arguments: bool) {
        let mut part = Part::default();
        while !cursor.eof() {
            if let Some((name, next)) = cursor.ident() {
                let name = name.to_string();
                self.spawns |= name.starts_with("spawn");
                self.has_async |= name == "async";
                self.has_effect |= is_of_constant(&name);
                part.word(&name);
                cursor = next;
            } else if let Some((inside, delimiter, _, next)) = cursor.any_group() {
                self.walk(inside, delimiter == Delimiter::Parenthesis);
                part.is_path = false;
                cursor = next;
            } else if let Some((sign, next)) = cursor.punct() {
                match sign.as_char() {
                    ',' => self.has_effect |= are_arguments && std::mem::take(&mut part).is_function(),
                    ':' => {}
                    _ => part.is_path = false,
                }
                cursor = next;
            } else {
                part.is_path = false;
                cursor = after(cursor);
            }
        }
        self.has_effect |= are_arguments && part.is_function();
    }
}

/// What is between two commas.
struct Part {
    /// Nothing but words and colons.
    is_path: bool,
    words: usize,
    begins_large: bool,
}

impl Default for Part {
    fn default() -> Self {
        Self { is_path: true, words: 0, begins_large: false }
    }
}

impl Part {
    fn word(&mut self, word: &str) {
        self.begins_large |= self.words == 0 && word.starts_with(char::is_uppercase);
        self.words += 1;
    }

    /// Whether it is a path that is no variable's.
    fn is_function(&self) -> bool {
        self.is_path && (self.words > 1 || self.begins_large)
    }
}

/// A single letter is a type's parameter.
fn is_of_constant(name: &str) -> bool {
    name.len() > 1 && !name.contains(char::is_lowercase) && name.contains(char::is_uppercase)
}

fn begins_with_item(body: Cursor<'_>) -> bool {
    const FIRST: &[&str] = &[
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro_rules",
        "mod",
        "pub",
        "static",
        "struct",
        "trait",
        "type",
        "union",
        "unsafe",
        "use",
    ];
    match (body.ident(), body.punct()) {
        (Some((word, _)), _) => FIRST.iter().any(|first| word == first),
        (None, Some((sign, _))) => sign.as_char() == '#',
        (None, None) => false,
    }
}

fn begins_with_callsite(body: Cursor<'_>) -> bool {
    let Some((word, next)) = body.ident() else { return false };
    word == "static" && next.ident().is_some_and(|(name, _)| name == "__CALLSITE")
}

/// After a literal or a lifetime.
fn after(cursor: Cursor<'_>) -> Cursor<'_> {
    let after = cursor.literal().map(|(_, next)| next);
    after.or_else(|| cursor.lifetime().map(|(_, next)| next)).unwrap_or_else(Cursor::empty)
}
