//! What was seen of each client, as a table for people.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use throughline::testing::SpanRecord;

/// What a client is asked for, and the spans that show what is read of its answers.
#[derive(Debug)]
pub struct Row {
    /// The crate.
    pub client: &'static str,
    /// What it is asked for.
    pub asked: &'static str,
    /// What its calls recorded, and how it got its answers.
    pub seen: Vec<(Proof, SpanRecord)>,
    /// What cannot be had, and why.
    pub lacks: &'static [(Column, &'static str)],
}

/// How a client got an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Over HTTP, of a server.
    Http,
    /// A response that was written down was read into its types.
    Written,
}

/// What a model call is expected to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Tokens of input and output.
    Usage,
    /// Tokens read from the cache, or written to it.
    Cached,
    /// Tokens spent on reasoning.
    Reasoning,
    /// The names of the tools it asks for, and the IDs of these calls.
    Tools,
    /// Chunks, and the time to the first.
    Stream,
    /// Dollars.
    Cost,
    /// Whether any of it came over HTTP.
    OverHttp,
}

impl Column {
    const ALL: [Self; 7] =
        [Self::Usage, Self::Cached, Self::Reasoning, Self::Tools, Self::Stream, Self::Cost, Self::OverHttp];

    const fn title(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Cached => "cached",
            Self::Reasoning => "reasoning",
            Self::Tools => "tools",
            Self::Stream => "stream",
            Self::Cost => "cost",
            Self::OverHttp => "over HTTP",
        }
    }

    /// Whether a span says it.
    fn is_in(self, span: &SpanRecord) -> bool {
        let has = |key| span.attribute(key).is_some();
        let counts =
            |key| span.attribute(key).and_then(|count| count.as_int()).is_some_and(|count| count > 0);
        match self {
            Self::Usage => counts("gen_ai.usage.input_tokens"),
            Self::Cached => {
                counts("gen_ai.usage.cache_read.input_tokens")
                    || counts("gen_ai.usage.cache_creation.input_tokens")
            }
            Self::Reasoning => counts("gen_ai.usage.reasoning.output_tokens"),
            Self::Tools => has("throughline.llm.tool_call.names"),
            Self::Stream => has("throughline.llm.chunks") && has("gen_ai.response.time_to_first_chunk"),
            Self::Cost => has("gen_ai.usage.cost"),
            Self::OverHttp => true,
        }
    }
}

/// Writes the table: the version of each crate is that of the lock file.
///
/// # Panics
///
/// When a row has neither a span nor a reason for a column, or both.
#[must_use]
pub fn render(rows: &[Row]) -> String {
    let mut text = "| client | asked for |".to_owned();
    Column::ALL.iter().for_each(|column| write!(text, " {} |", column.title()).expect("text"));
    writeln!(text, "\n|{}", "---|".repeat(2 + Column::ALL.len())).expect("text");
    let mut reasons: Vec<&str> = Vec::new();
    for row in rows {
        write!(text, "| {} {} | {} |", row.client, version(row.client), row.asked).expect("text");
        for column in Column::ALL {
            write!(text, " {} |", cell(row, column, &mut reasons)).expect("text");
        }
        text.push('\n');
    }
    text.push('\n');
    for (number, reason) in (1..).zip(&reasons) {
        writeln!(text, "{number}. {reason}").expect("text");
    }
    text
}

fn cell(row: &Row, column: Column, reasons: &mut Vec<&'static str>) -> String {
    let evidence = evidence(row, column);
    let lack = row.lacks.iter().find(|(lacking, _)| *lacking == column);
    match (evidence, lack) {
        (Some(how), None) => how,
        (None, Some((_, reason))) => {
            let known = reasons.iter().position(|known| known == reason);
            let number = known.unwrap_or_else(|| {
                reasons.push(reason);
                reasons.len() - 1
            });
            format!("no ({})", number + 1)
        }
        (evidence, lack) => panic!("{} {}: {column:?}: {evidence:?}, {lack:?}", row.client, row.asked),
    }
}

/// How it was seen, over HTTP before written down.
fn evidence(row: &Row, column: Column) -> Option<String> {
    let is_seen = |proof| row.seen.iter().any(|(how, span)| *how == proof && column.is_in(span));
    let has_ids =
        || row.seen.iter().any(|(_, span)| span.attribute("throughline.llm.tool_call.ids").is_some());
    let how = match (is_seen(Proof::Http), is_seen(Proof::Written)) {
        (true, _) if column == Column::OverHttp => "yes",
        (true, _) => "HTTP",
        (false, true) if column != Column::OverHttp => "written",
        _ => return None,
    };
    let what = if column == Column::Tools && !has_ids() { ", names only" } else { "" };
    Some(format!("{how}{what}"))
}

/// The version that is tested: the newest, where dependencies bring older ones.
fn version(client: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let package = format!("name = \"{client}\"\nversion = \"");
    let (_, rest) = lock.rsplit_once(&package).unwrap_or_else(|| panic!("{client} is in the lock file"));
    rest.split('"').next().expect("a version")
}

/// Compares with what stands between two comments of a file, or writes it there.
///
/// # Panics
///
/// When it differs.
#[track_caller]
pub fn check(file: &str, table: &str) {
    const BEGIN: &str = "<!-- clients: written by tests/clients -->\n";
    const END: &str = "<!-- clients: end -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let text = fs::read_to_string(&path).expect("the file");
    let (head, rest) = text.split_once(BEGIN).expect("where the table begins");
    let (expected, tail) = rest.split_once(END).expect("where the table ends");
    let table = format!("\n{table}\n");
    if std::env::var_os("THROUGHLINE_BLESS").is_some() {
        fs::write(&path, format!("{head}{BEGIN}{table}{END}{tail}")).expect("a file that can be written");
    } else {
        assert!(table == expected, "{file} should have:\n{table}\nbut has:\n{expected}");
    }
}
