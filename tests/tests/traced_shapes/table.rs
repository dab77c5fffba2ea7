//! What was observed, as a table for people.

use std::fmt::Write as _;
use std::path::Path;

use crate::observed::observe;
use crate::shape::Section;

/// An attribute.
pub(crate) struct Column {
    pub(crate) attribute: &'static str,
    pub(crate) sections: &'static [Section],
    /// The name of the span of a function.
    pub(crate) name_of: fn(&str) -> String,
}

const HEAD: &str = "# Shapes of functions

Every shape of function that is tested, under every attribute. This file is written by the tests
in `tests/tests/traced_shapes`, where each function stands: with `THROUGHLINE_BLESS=1` they write it anew.

Each function is called in one span; what it returns is polled in another. A row says when its own span begins and ends,
and which of the two it is a child of: the one in which it was called, or the one of its first poll. While a future or
stream waits, its span is open but not current; what the body does is done inside of it. Under each attribute stands the
name of the span, where `#[llm_span]`, `#[embedding_span]` and `#[rerank_span]` are given the model `\"m\"`, and the others
nothing.

`#[job]` is no column: it annotates work on a message, which none of these functions takes, and its span goes by
what that brings, wherever the function is called and polled. The shapes that it is tested with are in
`tests/tests/jobs_attribute.rs`: functions, methods, async ones, futures in a box, streams.
";

/// Observes all shapes.
pub(crate) fn render(columns: &[Column]) -> String {
    let mut text = HEAD.to_owned();
    for (place, section) in columns[0].sections.iter().enumerate() {
        write!(text, "\n## {}\n\n| shape | begins | ends | child of |", section.title).unwrap();
        columns.iter().for_each(|column| write!(text, " `#[{}]` |", column.attribute).unwrap());
        writeln!(text, "\n|{}", "---|".repeat(4 + columns.len())).unwrap();
        for row in 0..section.shapes.len() {
            text += &render_row(columns, place, row);
        }
    }
    text
}

/// One shape under all attributes, which agree on all but the name.
fn render_row(columns: &[Column], section: usize, row: usize) -> String {
    let mut names = String::new();
    let mut observed = Vec::new();
    for column in columns {
        let shape = &column.sections[section].shapes[row];
        let name = (column.name_of)(shape.function);
        observed.push(observe(shape, &name));
        write!(names, " `{name}` |").unwrap();
    }
    let form = columns[0].sections[section].shapes[row].form;
    let first = &observed[0];
    assert!(observed.iter().all(|other| other == first), "{form}: attributes differ: {observed:?}");
    format!("| {form} | {} | {} | {} |{names}\n", first.begins, first.ends, first.child_of)
}

/// Compares with the file, or writes it.
#[track_caller]
pub(crate) fn check(file: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var_os("THROUGHLINE_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == expected, "{} should be:\n{expected}\nbut is:\n{text}", file.display());
}
