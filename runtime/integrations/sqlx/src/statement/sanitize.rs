//! Statements without their values.

use std::borrow::Cow;

use crate::statement::SCANNED;
use crate::statement::token::{Kind, Tokens};

/// The statement with `?` in place of each literal, and without comments, which may say anything. What is longer than
/// 32 KiB is cut.
///
/// [The conventions](https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext) ask for
/// it where values are not bound.
pub(crate) fn sanitize(sql: &str) -> Cow<'_, str> {
    let scanned = &sql[..sql.floor_char_boundary(SCANNED)];
    let mut clean = String::new();
    let mut copied = 0;
    for token in Tokens::new(scanned) {
        let instead = match token.kind {
            Kind::Text | Kind::Number => "?",
            Kind::Word if token.is_any(&["TRUE", "FALSE"]) => "?",
            Kind::Comment => "",
            _ => continue,
        };
        clean.push_str(&scanned[copied..token.start]);
        clean.push_str(instead);
        copied = token.end();
    }
    if copied == 0 {
        return Cow::Borrowed(scanned);
    }
    clean.push_str(&scanned[copied..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn literals_and_comments_are_left_out_and_nothing_else() {
        for (sql, expected) in [
            ("SELECT a FROM b WHERE c = $1 AND d = ?2", "SELECT a FROM b WHERE c = $1 AND d = ?2"),
            ("SELECT 'it''s', E'\\'x', x'ff', 1.5e-3, 0xff, -7", "SELECT ?, ?, ?, ?, ?, -?"),
            ("SELECT $$a'b$$, $t$ $$ $t$ FROM \"a 1\"", "SELECT ?, ? FROM \"a 1\""),
            ("UPDATE t1 SET a2 = TRUE, b = NULL", "UPDATE t1 SET a2 = ?, b = NULL"),
            ("SELECT 1 -- of anna\n, /* of /* bob */ */ 2", "SELECT ? \n,  ?"),
            ("SELECT 'not closed; DROP TABLE a", "SELECT ?"),
            ("SELECT /* not closed", "SELECT "),
            ("SELECT a->>'key', b::text, ARRAY[1,2]", "SELECT a->>?, b::text, ARRAY[?,?]"),
            ("", ""),
        ] {
            assert_eq!(sanitize(sql), expected, "{sql}");
        }
    }

    #[test]
    fn what_is_cut_shows_no_part_of_a_value() {
        let sql = format!("SELECT '{}'", "é".repeat(40_000));
        assert_eq!(sanitize(&sql), "SELECT ?");
    }
}
