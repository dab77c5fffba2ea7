//! SQL as tokens: as much of it as SQLite and PostgreSQL have in common, and enough of each to know where text ends.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a bare name.
    Word,
    /// A quoted name: `"a"`, `` `a` ``.
    Quoted,
    /// A literal in quotes: `'a'`, `E'\n'`, `$tag$a$tag$`.
    Text,
    /// A number.
    Number,
    /// A place for a bound value: `?`, `?1`, `$1`, `:name`, `@name`.
    Placeholder,
    /// One character of anything else.
    Sign,
    /// A comment.
    Comment,
}

/// A part of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Where it begins, in bytes.
    pub(super) start: usize,
}

impl Token<'_> {
    /// Where it ends, in bytes.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// Whether it is one of these keywords, whatever the case of its letters.
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }
}

/// The tokens of a statement. Any text has some: what does not end, ends with the text.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    sql: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(sql: &'a str) -> Self {
        Self::after(sql, 0)
    }

    /// Those from the byte `at` on, which is between two tokens.
    pub(super) const fn after(sql: &'a str, at: usize) -> Self {
        Self { sql, at }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = &self.sql[self.at..];
        let blank = rest.len() - rest.trim_start().len();
        let rest = &rest[blank..];
        let first = rest.chars().next()?;
        let (kind, length) = token(rest, first);
        let start = self.at + blank;
        // Every end is found by an ASCII character or by a whole one, so it is between characters.
        let text = rest.get(..length).unwrap_or(rest);
        self.at = start + text.len();
        Some(Token { kind, text, start })
    }
}

/// The kind and the length in bytes of the token that `rest` begins with.
fn token(rest: &str, first: char) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    match (first, bytes.get(1)) {
        ('-', Some(b'-')) => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        ('/', Some(b'*')) => (Kind::Comment, block_comment(bytes)),
        ('\'', _) => (Kind::Text, quoted(bytes, b'\'', false)),
        ('"' | '`', _) => (Kind::Quoted, quoted(bytes, bytes[0], false)),
        ('E' | 'e', Some(b'\'')) => (Kind::Text, 1 + quoted(&bytes[1..], b'\'', true)),
        ('B' | 'b' | 'N' | 'n' | 'X' | 'x', Some(b'\'')) => {
            (Kind::Text, 1 + quoted(&bytes[1..], b'\'', false))
        }
        ('$', _) => dollar(rest),
        ('?', _) => (Kind::Placeholder, 1 + word(&rest[1..])),
        (':' | '@', Some(next)) if next.is_ascii_alphabetic() || *next == b'_' => {
            (Kind::Placeholder, 1 + word(&rest[1..]))
        }
        ('.', Some(next)) if next.is_ascii_digit() => (Kind::Number, number(bytes)),
        _ if first.is_ascii_digit() => (Kind::Number, number(bytes)),
        _ if is_word(first) => (Kind::Word, word(rest)),
        _ => (Kind::Sign, first.len_utf8()),
    }
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_' || !(sign.is_ascii() || sign.is_whitespace())
}

fn word(rest: &str) -> usize {
    rest.find(|sign| !(is_word(sign) || sign == '$')).unwrap_or(rest.len())
}

/// `12`, `1.5`, `1e-3`, `0xff`, `1_000`.
fn number(bytes: &[u8]) -> usize {
    let mut before = 0;
    bytes
        .iter()
        .position(|&byte| {
            let is_exponent = matches!(before, b'e' | b'E') && matches!(byte, b'+' | b'-');
            before = byte;
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || is_exponent)
        })
        .unwrap_or(bytes.len())
}

/// Up to the closing quote: one that is doubled does not close, nor, with `escapes`, one after a backslash.
fn quoted(bytes: &[u8], quote: u8, escapes: bool) -> usize {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte == b'\\' && escapes {
            at += 1;
        } else if byte == quote {
            if bytes.get(at) != Some(&quote) {
                return at;
            }
            at += 1;
        }
    }
    bytes.len()
}

/// Up to the end of a comment, which may hold others: PostgreSQL lets it, and in SQLite the rest of such a text is none
/// that runs.
fn block_comment(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1_usize);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            _ => at += 1,
        }
    }
    bytes.len()
}

/// `$1`, `$name`, or text between `$tag$`.
fn dollar(rest: &str) -> (Kind, usize) {
    let tag = 1 + rest[1..].find(|sign| !is_word(sign)).unwrap_or(rest.len() - 1);
    if rest.as_bytes().get(tag) != Some(&b'$') || rest.as_bytes()[1].is_ascii_digit() {
        return if tag > 1 { (Kind::Placeholder, tag) } else { (Kind::Sign, 1) };
    }
    let (open, body) = rest.split_at(tag + 1);
    (Kind::Text, body.find(open).map_or(rest.len(), |end| open.len() + end + open.len()))
}
