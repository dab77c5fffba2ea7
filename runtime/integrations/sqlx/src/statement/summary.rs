//! What statements do, and to which tables.

use crate::statement::SCANNED;
use crate::statement::frame::{Expected, Frame};
use crate::statement::token::{Kind, Token, Tokens};

/// The most characters of a summary.
const LONGEST: usize = 255;

/// What stands between an operation and the name of what it is done to.
const BEFORE_TARGET: &[&str] = &[
    "ONLY",
    "LATERAL",
    "TABLE",
    "IF",
    "NOT",
    "EXISTS",
    "CONCURRENTLY",
    "ON",
    "OR",
    "ROLLBACK",
    "ABORT",
    "REPLACE",
    "FAIL",
    "IGNORE",
];
/// What stands between `CREATE` and what is created.
const BEFORE_KIND: &[&str] = &[
    "OR",
    "REPLACE",
    "TEMP",
    "TEMPORARY",
    "GLOBAL",
    "LOCAL",
    "UNLOGGED",
    "UNIQUE",
    "VIRTUAL",
    "FOREIGN",
    "MATERIALIZED",
    "RECURSIVE",
];
/// What ends the list of tables after `FROM`.
const AFTER_FROM: &[&str] = &[
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "RETURNING",
    "SET",
    "FOR",
];
/// What has a body that does not run now.
const ROUTINES: &[&str] = &["TRIGGER", "FUNCTION", "PROCEDURE", "RULE", "POLICY"];

/// The operations of a statement and what they are done to, in their order and spelling, as
/// [the conventions](https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query)
/// want it: `INSERT shipping_details SELECT orders`.
///
/// Names of common table expressions are no tables. Of a routine that is created only the name is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    text: String,
    operations: usize,
    targets: usize,
    /// The length of the first operation.
    first: usize,
    /// A target may be something else than a table.
    other: bool,
    /// A statement changes rows.
    changes: bool,
    /// A statement does something else.
    reads: bool,
}

impl Summary {
    pub(crate) fn of(sql: &str) -> Self {
        let sql = &sql[..sql.floor_char_boundary(SCANNED)];
        let mut reader = Reader { frame: Frame::STATEMENT, ..Reader::default() };
        let mut tokens = Tokens::new(sql).filter(|token| token.kind != Kind::Comment);
        while tokens.next().is_some_and(|token| reader.read(sql, token)) {}
        reader.summary
    }

    /// The summary; empty where the text has no operation.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The operation, if there is one only.
    pub(crate) fn operation(&self) -> Option<&str> {
        (self.operations == 1).then(|| &self.text[..self.first])
    }

    /// The table, if there is one only, and one operation.
    pub(crate) fn table(&self) -> Option<&str> {
        let is_one = self.operations == 1 && self.targets == 1 && !self.other;
        is_one.then(|| self.text.get(self.first + 1..)).flatten()
    }

    /// Whether it changes rows, and nothing else: for statements that read them, databases tell a number of changed rows
    /// too, which means something else.
    pub(crate) const fn only_changes(&self) -> bool {
        self.changes && !self.reads
    }

    /// Adds a word or a name, unless it would be too long then. Returns whether there may be more.
    fn add(&mut self, part: &str) -> bool {
        let space = usize::from(!self.text.is_empty());
        if self.text.chars().count() + space + part.chars().count() > LONGEST {
            self.other = true;
            return false;
        }
        if space == 1 {
            self.text.push(' ');
        }
        self.text.push_str(part);
        true
    }

    fn operation_begins(&mut self, token: &Token<'_>, is_main: bool) -> bool {
        self.operations += 1;
        if is_main {
            let changes = token.is_any(&["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY"]);
            self.changes |= changes;
            self.reads |= !changes;
        }
        let fits = self.add(token.text);
        if self.operations == 1 {
            self.first = self.text.len();
        }
        fits
    }

    /// Another word of the operation: `TABLE` after `CREATE`.
    fn operation_goes_on(&mut self, token: &Token<'_>) -> bool {
        let fits = self.add(token.text);
        if self.operations == 1 {
            self.first = self.text.len();
        }
        fits
    }

    fn target(&mut self, name: &str, is_table: bool) -> bool {
        self.targets += 1;
        self.other |= !is_table;
        self.add(name)
    }
}

/// A name: all of `schema.table`, without what stands apart.
struct Path<'a> {
    name: &'a str,
    /// A bracket follows: that of a call, or of a list of columns.
    is_called: bool,
}

impl<'a> Path<'a> {
    /// The one that begins with `token`.
    fn of(sql: &'a str, token: &Token<'_>) -> Self {
        let mut end = token.end();
        let mut tokens = Tokens::after(sql, end).peekable();
        while tokens.next_if(|next| next.is_sign(".") && next.start == end).is_some() {
            end += 1;
            let is_name =
                |next: &Token<'_>| matches!(next.kind, Kind::Word | Kind::Quoted) && next.start == end;
            end = tokens.next_if(is_name).map_or(end, |name| name.end());
        }
        Self { name: &sql[token.start..end], is_called: tokens.peek().is_some_and(|next| next.is_sign("(")) }
    }
}

/// Reads a statement token by token.
#[derive(Debug, Default)]
struct Reader<'a> {
    summary: Summary,
    /// Of the brackets around the token, the outermost first.
    outer: Vec<Frame>,
    frame: Frame,
    expected: Expected,
    /// The names of common table expressions.
    common: Vec<&'a str>,
    before: Option<Token<'a>>,
}

impl<'a> Reader<'a> {
    /// Returns whether there may be more to read.
    fn read(&mut self, sql: &'a str, token: Token<'a>) -> bool {
        let before = self.before.replace(token);
        match token.kind {
            Kind::Sign => {
                self.sign(&token, before);
                true
            }
            Kind::Word | Kind::Quoted if before.is_some_and(|before| before.is_sign(".")) => true,
            Kind::Word | Kind::Quoted | Kind::Text => match self.expected {
                Expected::Target if !token.is_any(BEFORE_TARGET) => self.target(&Path::of(sql, &token)),
                Expected::Common if !token.is_any(&["RECURSIVE"]) => {
                    self.common.push(token.text);
                    self.expected = Expected::Nothing;
                    true
                }
                Expected::Kind if token.kind == Kind::Word => self.kind(&token),
                Expected::Nothing if token.kind == Kind::Word => self.word(&token, before),
                _ => true,
            },
            _ => {
                self.frame.at_start = false;
                true
            }
        }
    }

    fn sign(&mut self, token: &Token<'_>, before: Option<Token<'_>>) {
        match token.text {
            "(" => {
                let is_common =
                    self.frame.in_with && before.is_some_and(|token| token.is_any(&["AS", "MATERIALIZED"]));
                // Options may stand between `EXPLAIN` and what it explains.
                self.frame.at_start &= before.is_some_and(|token| token.is_any(&["EXPLAIN"]));
                self.outer.push(self.frame);
                self.frame = Frame { at_start: is_common, is_new: true, ..Frame::default() };
                self.expected = Expected::Nothing;
            }
            ")" => {
                self.frame = self.outer.pop().unwrap_or_default();
                self.expected = Expected::Nothing;
            }
            ";" => {
                self.outer.clear();
                self.frame = Frame::STATEMENT;
                self.expected = Expected::Nothing;
            }
            "," if self.frame.in_from => self.expected = Expected::Target,
            "," if self.frame.in_with => self.expected = Expected::Common,
            _ => {}
        }
    }

    fn word(&mut self, token: &Token<'_>, before: Option<Token<'_>>) -> bool {
        let is_new = std::mem::take(&mut self.frame.is_new);
        if (self.frame.at_start || is_new) && token.is_any(&["WITH"]) {
            self.frame = Frame { in_with: true, ..Frame::default() };
            self.expected = Expected::Common;
        } else if token.is_any(&["SELECT"]) {
            let is_main = self.outer.is_empty() && (self.frame.at_start || self.frame.in_with);
            self.frame = Frame { from_comes: true, into_comes: true, ..Frame::default() };
            return self.summary.operation_begins(token, is_main);
        } else if self.frame.in_with && token.is_any(&["AS", "NOT", "MATERIALIZED"]) {
            // The name of a common table expression goes before, its statement follows.
        } else if self.frame.at_start || self.frame.in_with {
            return self.statement(token, before);
        } else if self.frame.from_comes && token.is_any(&["FROM"]) && !is_distinct(before) {
            self.frame.in_from = true;
            self.frame.from_comes = false;
            self.expected = Expected::Target;
        } else if self.frame.into_comes && token.is_any(&["INTO"]) {
            self.frame.into_comes = false;
            self.expected = Expected::Target;
        } else if self.frame.in_from && token.is_any(&["JOIN"]) {
            self.expected = Expected::Target;
        } else if self.frame.using_comes && token.is_any(&["USING"]) {
            (self.frame.using_comes, self.frame.in_from) = (false, true);
            self.expected = Expected::Target;
        } else if token.is_any(AFTER_FROM) {
            self.frame.in_from = false;
        }
        true
    }

    /// The first word of a statement.
    fn statement(&mut self, token: &Token<'_>, before: Option<Token<'_>>) -> bool {
        if before.is_some_and(|before| before.is_any(&["EXPLAIN", "ANALYZE", "VERBOSE", "QUERY"]))
            && token.is_any(&["ANALYZE", "VERBOSE", "QUERY", "PLAN"])
        {
            return true;
        }
        self.frame = Frame::default();
        if token.is_any(&["EXPLAIN"]) {
            self.frame.at_start = true;
        } else if token.is_any(&["CREATE", "ALTER", "DROP", "REFRESH"]) {
            self.expected = Expected::Kind;
        } else if token.is_any(&["UPDATE"]) {
            self.frame.from_comes = true;
            self.expected = Expected::Target;
        } else if token.is_any(&["DELETE"]) {
            (self.frame.from_comes, self.frame.using_comes) = (true, true);
        } else if token.is_any(&["INSERT", "REPLACE"]) {
            self.frame.into_comes = true;
        } else if token.is_any(&["MERGE"]) {
            (self.frame.into_comes, self.frame.using_comes) = (true, true);
        } else if token.is_any(&["COPY", "TRUNCATE", "LOCK"]) {
            self.expected = Expected::Target;
        } else if token.is_any(&["PRAGMA", "CALL", "EXECUTE"]) {
            self.summary.other = true;
            self.expected = Expected::Target;
        }
        self.summary.operation_begins(token, self.outer.is_empty())
    }

    /// What is created, altered or dropped.
    fn kind(&mut self, token: &Token<'_>) -> bool {
        if token.is_any(BEFORE_KIND) {
            return true;
        }
        self.expected = Expected::Target;
        self.summary.other |= !token.is_any(&["TABLE"]);
        self.frame.is_routine = token.is_any(ROUTINES);
        self.summary.operation_goes_on(token)
    }

    fn target(&mut self, path: &Path<'_>) -> bool {
        self.expected = Expected::Nothing;
        if self.common.iter().any(|common| common.eq_ignore_ascii_case(path.name)) {
            return true;
        }
        let is_call = path.is_called && self.frame.in_from;
        self.summary.target(path.name, !is_call) && !self.frame.is_routine
    }
}

/// Whether `FROM` is part of `IS DISTINCT FROM`.
fn is_distinct(before: Option<Token<'_>>) -> bool {
    before.is_some_and(|before| before.is_any(&["DISTINCT"]))
}
