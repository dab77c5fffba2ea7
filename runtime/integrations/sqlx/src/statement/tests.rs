//! Summaries of statements, in tables; and that no text is too strange.

use super::{SCANNED, Summary, sanitize};

#[track_caller]
fn check(sql: &str, expected: &str) {
    assert_eq!(Summary::of(sql).text(), expected, "{sql}");
}

#[test]
fn the_examples_of_the_conventions_have_the_summaries_they_give() {
    check("SELECT *\nFROM   wuser_table\nWHERE  username = ?", "SELECT wuser_table");
    check(
        "INSERT INTO shipping_details (order_id, address) SELECT order_id, address FROM orders WHERE order_id = ?",
        "INSERT shipping_details SELECT orders",
    );
    check("SELECT * FROM songs, artists WHERE songs.artist_id == artists.id", "SELECT songs artists");
    check(
        "SELECT order_date FROM (SELECT * FROM orders o JOIN customers c ON o.customer_id = c.customer_id)",
        "SELECT SELECT orders customers",
    );
    check("SELECT * FROM \"song list\", 'artists'", "SELECT \"song list\" 'artists'");
}

#[test]
fn operations_and_tables_are_found_in_every_form_of_statement() {
    for (sql, expected) in [
        ("select 1", "select"),
        ("  \n\tselect * from public.\"Orders\" as o", "select public.\"Orders\""),
        (
            "SELECT a FROM b LEFT JOIN c USING (d), e, LATERAL (SELECT 1 FROM f) g WHERE h IN (1, 2)",
            "SELECT b c e SELECT f",
        ),
        ("SELECT a FROM b UNION ALL SELECT a FROM c", "SELECT b SELECT c"),
        ("(SELECT a FROM b) INTERSECT (SELECT a FROM c)", "SELECT b SELECT c"),
        ("SELECT EXTRACT(year FROM at), substring(a FROM 2) FROM b WHERE c IS DISTINCT FROM d", "SELECT b"),
        ("SELECT a, b FROM c ORDER BY a, b", "SELECT c"),
        ("SELECT a FROM b FOR UPDATE SKIP LOCKED", "SELECT b"),
        ("SELECT exists(SELECT 1 FROM a WHERE b = $1)", "SELECT SELECT a"),
        ("SELECT value FROM json_each($1)", "SELECT json_each"),
        (
            "INSERT OR REPLACE INTO a (update, b) VALUES (1, 2) ON CONFLICT (b) DO UPDATE SET b = 3 RETURNING b",
            "INSERT a",
        ),
        ("REPLACE INTO a VALUES (1)", "REPLACE a"),
        ("UPDATE ONLY a SET b = (SELECT max(b) FROM c) FROM d WHERE a.e = d.e", "UPDATE a SELECT c d"),
        ("UPDATE OR IGNORE a SET b = 1", "UPDATE a"),
        ("DELETE FROM a USING b WHERE a.c = b.c", "DELETE a b"),
        ("MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN DELETE", "MERGE a b"),
        ("COPY a (b, c) FROM STDIN", "COPY a"),
        ("TRUNCATE TABLE a", "TRUNCATE a"),
        ("CREATE TABLE IF NOT EXISTS a (b INTEGER REFERENCES c ON UPDATE CASCADE)", "CREATE TABLE a"),
        ("CREATE TEMP TABLE a AS SELECT * FROM b", "CREATE TABLE a SELECT b"),
        ("CREATE UNIQUE INDEX CONCURRENTLY a ON b (c)", "CREATE INDEX a"),
        ("CREATE OR REPLACE VIEW a AS SELECT * FROM b", "CREATE VIEW a SELECT b"),
        ("CREATE TRIGGER a AFTER INSERT ON b BEGIN DELETE FROM c; END", "CREATE TRIGGER a"),
        ("ALTER TABLE a ADD COLUMN b TEXT", "ALTER TABLE a"),
        ("DROP TABLE IF EXISTS a", "DROP TABLE a"),
        ("PRAGMA journal_mode = wal", "PRAGMA journal_mode"),
        ("CALL a.b($1)", "CALL a.b"),
        ("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM a", "EXPLAIN SELECT a"),
        ("EXPLAIN QUERY PLAN SELECT * FROM a", "EXPLAIN SELECT a"),
        ("VALUES (1), (2)", "VALUES"),
        ("SET search_path TO a", "SET"),
        ("INSERT INTO a VALUES (1); UPDATE a SET b = 2;", "INSERT a UPDATE a"),
    ] {
        check(sql, expected);
    }
}

#[test]
fn common_table_expressions_are_no_tables() {
    for (sql, expected) in [
        ("WITH a AS (SELECT * FROM b) SELECT * FROM a JOIN c ON true", "SELECT b SELECT c"),
        (
            "WITH RECURSIVE a (n) AS (SELECT 1 UNION SELECT n + 1 FROM A) SELECT n FROM a",
            "SELECT SELECT SELECT",
        ),
        (
            "WITH a AS NOT MATERIALIZED (DELETE FROM b RETURNING *), d AS (SELECT 1) INSERT INTO c SELECT * FROM a, d",
            "DELETE b SELECT INSERT c SELECT",
        ),
        ("SELECT * FROM (WITH a AS (SELECT * FROM b) SELECT * FROM a) c", "SELECT SELECT b SELECT"),
    ] {
        check(sql, expected);
    }
}

#[test]
fn what_is_in_comments_and_literals_is_not_read() {
    check("/* SELECT * FROM a */ SELECT ';DELETE FROM b' -- FROM c\n FROM d", "SELECT d");
    check("SELECT $q$ FROM a $q$, E'\\' FROM b' FROM \"c;d\"", "SELECT \"c;d\"");
}

#[test]
fn one_operation_and_one_table_are_told_apart_from_more() {
    let summary = Summary::of("select a from b.\"c d\"");
    assert_eq!((summary.operation(), summary.table()), (Some("select"), Some("b.\"c d\"")));
    let summary = Summary::of("CREATE TABLE a (b TEXT)");
    assert_eq!((summary.operation(), summary.table()), (Some("CREATE TABLE"), Some("a")));
    for (sql, operation) in [
        ("SELECT 1", Some("SELECT")),
        ("SELECT a FROM b, c", Some("SELECT")),
        ("SELECT a FROM unnest($1)", Some("SELECT")),
        ("DROP INDEX a", Some("DROP INDEX")),
        ("PRAGMA a", Some("PRAGMA")),
        ("DELETE FROM a; DELETE FROM a", None),
        ("", None),
    ] {
        let summary = Summary::of(sql);
        assert_eq!((summary.operation(), summary.table()), (operation, None), "{sql}");
    }
}

#[test]
fn changes_are_told_from_what_reads_beside_them() {
    for (sql, only_changes) in [
        ("INSERT INTO a SELECT * FROM b", true),
        ("WITH a AS (SELECT 1) DELETE FROM b", true),
        ("UPDATE a SET b = 1; DELETE FROM c", true),
        ("UPDATE a SET b = 1; SELECT 1", false),
        ("WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", false),
        ("BEGIN; UPDATE a SET b = 1; COMMIT", false),
        ("EXPLAIN UPDATE a SET b = 1", false),
        ("SELECT * FROM a", false),
        ("", false),
    ] {
        assert_eq!(Summary::of(sql).only_changes(), only_changes, "{sql}");
    }
}

#[test]
fn a_long_summary_ends_between_two_names() {
    let tables: Vec<_> = (0..100).map(|number| format!("täble_{number}")).collect();
    let sql = format!("SELECT * FROM {}", tables.join(", "));
    let summary = Summary::of(&sql);
    let length = summary.text().chars().count();
    assert!((240..=255).contains(&length), "{length}");
    let expected = format!("SELECT {}", tables.join(" "));
    assert!(expected.strip_prefix(summary.text()).unwrap().starts_with(' '));
    assert_eq!(summary.table(), None);
    let summary = Summary::of(&format!("SELECT * FROM {}", "a".repeat(300)));
    assert_eq!((summary.text(), summary.table()), ("SELECT", None));
}

/// Text that is made of what statements are made of, in an order that repeats from run to run.
fn texts() -> impl Iterator<Item = String> {
    const PARTS: &[&str] = &[
        "SELECT",
        "FROM",
        "a",
        "\"b\"",
        "'",
        "''",
        "\"",
        "`",
        "$",
        "$$",
        "$t$",
        "$1",
        "?",
        "(",
        ")",
        ",",
        ";",
        ".",
        "--",
        "\n",
        "/*",
        "*/",
        "WITH",
        "AS",
        "E'",
        "\\",
        "1.5e",
        "é",
        "\u{1f980}",
        "\0",
        " ",
        "\u{a0}",
        "INSERT INTO",
        "JOIN",
        "CREATE",
        "EXPLAIN",
        ":",
        "::c",
        "@d",
        "x'",
        "\u{301}",
        "DELETE",
        "USING",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    (0..50_000).map(move |_| {
        let length = next(24);
        (0..length).map(|_| [PARTS[next(PARTS.len())], " "][usize::from(next(4) == 0)]).collect()
    })
}

#[test]
fn no_text_is_too_strange_and_no_literal_gets_through() {
    for text in texts() {
        let summary = Summary::of(&text);
        assert!(summary.text().chars().count() <= 255);
        summary.operation();
        summary.table();
        let clean = sanitize(&text);
        assert_eq!(sanitize(&clean), clean, "{text:?}");
        let secret = format!("SELECT 'secret', {text}");
        assert!(!sanitize(&secret).contains("secret"), "{text:?}");
    }
}

#[test]
fn every_beginning_of_a_statement_is_read() {
    let sql =
        "WITH \"é\" AS (SELECT 'ü', $t$ö$t$, E'\\'' FROM a.\"b\") /* ß */ INSERT INTO c SELECT 1.5e-3 -- ñ";
    for end in 0..=sql.len() {
        let part = &sql[..sql.floor_char_boundary(end)];
        Summary::of(part);
        assert!(!sanitize(part).contains('ö'));
    }
    assert_eq!(Summary::of(sql).text(), "SELECT a.\"b\" INSERT c SELECT");
}

#[test]
fn of_a_dump_only_the_beginning_is_looked_at() {
    let sql = format!("INSERT INTO a VALUES ('{}'); DELETE FROM b", "x".repeat(SCANNED));
    assert_eq!(Summary::of(&sql).text(), "INSERT a");
    let sql = format!("{}SELECT 1", "(".repeat(SCANNED * 2));
    assert_eq!(Summary::of(&sql).text(), "");
}
