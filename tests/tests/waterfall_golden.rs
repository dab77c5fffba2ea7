//! Waterfalls as a user sees them, to the character. With `THROUGHLINE_BLESS=1` in the environment, what is rendered
//! becomes what is expected: read the difference before committing it.

mod terminal_support;

use std::path::Path;

use terminal_support::{Made, rag, render, span};
use throughline::export::terminal::Style;
use throughline::span::Outcome;
use unicode_width::UnicodeWidthStr;

fn check(name: &str, spans: &[Made], style: Style) {
    let text = render(spans, &style);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waterfall_golden_text").join(name);
    if std::env::var_os("THROUGHLINE_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == expected, "{name} should be:\n{expected}\nbut is:\n{text}");
    for line in plain(&text).lines() {
        assert!(line.width() <= style.width || is_id(line), "too wide: {line}");
        assert_eq!(line, line.trim_end());
    }
}

/// IDs are never cut: they are there to be copied.
fn is_id(line: &str) -> bool {
    line.trim().len() >= 32 && !line.trim().contains(' ')
}

/// The text without escape sequences.
fn plain(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn a_question_answered_by_a_model_at_every_width() {
    for width in [30, 40, 60, 80, 100, 140] {
        check(&format!("rag_{width}.txt"), &rag(), Style::plain(width));
    }
}

#[test]
fn a_terminal_without_unicode_gets_ascii() {
    check("rag_ascii.txt", &rag(), Style::plain(80).ascii());
}

#[test]
fn colours_change_nothing_but_colours() {
    check("rag_color.txt", &rag(), Style::plain(100).with_color());
    let colored = render(&rag(), &Style::plain(100).with_color());
    assert_eq!(plain(&colored), render(&rag(), &Style::plain(100)));
}

#[test]
fn repeated_siblings_are_one_row_and_errors_among_them_another() {
    let mut spans =
        vec![span(1, 0, "GET /orders", 0.0, 130.0).request("req-abc"), span(2, 1, "session", 0.5, 2.0)];
    for n in 0..24_u64 {
        let start = 2.0 + 5.0 * n as f64;
        let query = span(100 + n, 1, "SELECT items", start, start + 2.0 + (n % 5) as f64 / 2.0);
        spans.push(if n % 8 == 7 {
            query.set("error.type", "PoolTimedOut").ended(Outcome::Error, "no connection within 2 s")
        } else {
            query
        });
        spans.push(span(200 + n, 100 + n, "decode", start + 0.2, start + 0.4));
    }
    check("folded.txt", &spans, Style::plain(80));
}

#[test]
fn steps_of_an_agent_stay_in_their_order() {
    let mut spans =
        vec![span(1, 0, "invoke_agent librarian", 0.0, 1200.0).set("gen_ai.operation.name", "invoke_agent")];
    for turn in 0..5_u64 {
        let start = 240.0 * turn as f64;
        let chat = span(10 + turn, 1, "chat gpt-4o-mini", start, start + 180.0);
        spans.push(chat.chat("gpt-4o-mini", (800 + 300 * turn as i64, 20), 0.0001, 0.09));
        let tool = span(20 + turn, 1, "execute_tool search", start + 181.0, start + 239.0);
        spans.push(tool.set("gen_ai.operation.name", "execute_tool"));
    }
    for chunk in 0..6_u64 {
        let start = 1201.0 + 8.0 * chunk as f64;
        let embed = span(30 + chunk, 1, "embeddings small", start, start + 7.5);
        let embed = embed.set("gen_ai.operation.name", "embeddings").set("gen_ai.request.model", "small");
        spans.push(embed.set("gen_ai.usage.input_tokens", 500));
    }
    check("agent.txt", &spans, Style::plain(100));
}

#[test]
fn every_outcome_says_what_happened() {
    let spans = [
        span(1, 0, "POST /pay", 0.0, 80.0).request("req-abc").set("error.type", "PayError").ended(
            Outcome::Error,
            "PayError: card declined\n  caused by: gateway said no\n  caused by: connection reset by peer (os error 104)",
        ),
        span(2, 1, "charge", 1.0, 40.0).ended(Outcome::Panicked, "index out of bounds: the len is 0"),
        span(3, 1, "notify", 41.0, 60.0).ended(Outcome::Cancelled, ""),
        span(4, 3, "smtp", 42.0, 60.0).ended(Outcome::Cancelled, ""),
        span(5, 1, "audit", 61.0, 70.0).ended(Outcome::Error, ""),
        span(6, 1, "refund", 71.0, 79.0).ended(Outcome::Panicked, ""),
    ];
    check("outcomes.txt", &spans, Style::plain(80));
    check("outcomes_color.txt", &spans, Style::plain(80).with_color());
    check("outcomes_ascii.txt", &spans, Style::plain(80).ascii());
}

#[test]
fn names_from_outside_are_escaped_and_wide_characters_stay_aligned() {
    let spans = [
        span(1, 0, "GET /\x1b[31mred\x1b[0m\r\n\u{9b}2J", 0.0, 10.0).request("req-\x1b]0;title\x07"),
        span(2, 1, "検索 ドキュメント", 1.0, 5.0),
        span(3, 1, "naïve café 👩‍🔬", 5.0, 9.0).ended(Outcome::Error, "回答がありません \u{202e}\x1b[2K"),
        span(4, 3, "\u{202e}evil", 6.0, 7.0),
    ];
    for style in [Style::plain(80), Style::plain(80).with_color(), Style::plain(36)] {
        let text = plain(&render(&spans, &style));
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
    check("escaped.txt", &spans, Style::plain(80));
    check("escaped_narrow.txt", &spans, Style::plain(36));
}

#[test]
fn spans_under_a_remote_parent_that_is_here_are_drawn_below_it() {
    let spans = [
        span(1, 0, "checkout", 0.0, 30.0).request("req-abc"),
        span(2, 1, "POST", 1.0, 28.0),
        span(3, 2, "POST /charge", 2.0, 27.0).remote().request("req-abc"),
        span(4, 3, "ledger", 3.0, 20.0),
    ];
    check("in_process.txt", &spans, Style::plain(80));
}
