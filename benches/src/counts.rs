//! The stored counts: `benches/counts.tsv`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::{fs, io};

/// Instructions of a unit by profile and case.
pub type Counts = BTreeMap<(String, String), f64>;

const HEADER: &str = "\
# Instructions of a unit in our hands, by callgrind. `cargo run -p throughline-benches --bin gate -- --store` writes this
# file; a count is raised only by a commit that says why.
";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("counts.tsv")
}

/// Reads the stored counts, and the compiler they were counted with; none when nothing is stored yet.
///
/// # Errors
///
/// When the file cannot be read, or a line of it is no count.
pub fn load() -> io::Result<(Counts, Option<String>)> {
    match fs::read_to_string(file()) {
        Ok(text) => parse(&text).map_err(|line| io::Error::other(format!("counts.tsv: {line}"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Counts::new(), None)),
        Err(error) => Err(error),
    }
}

/// Writes the counts.
///
/// # Errors
///
/// When the file cannot be written.
pub fn store(counts: &Counts, compiler: &str) -> io::Result<()> {
    fs::write(file(), render(counts, compiler))
}

fn render(counts: &Counts, compiler: &str) -> String {
    let mut text = format!("{HEADER}# compiler: {compiler}\n");
    for ((profile, case), count) in counts {
        let _ = writeln!(text, "{profile}\t{case}\t{count:.2}");
    }
    text
}

fn parse(text: &str) -> Result<(Counts, Option<String>), &str> {
    let compiler = text.lines().find_map(|line| line.strip_prefix("# compiler: ")).map(str::to_owned);
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let counts = lines.map(|line| parse_line(line).ok_or(line)).collect::<Result<_, _>>()?;
    Ok((counts, compiler))
}

fn parse_line(line: &str) -> Option<((String, String), f64)> {
    let mut parts = line.split('\t');
    let key = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some((key, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Counts, parse, render};

    #[test]
    fn what_is_stored_is_read_back() {
        let counts = Counts::from([(("thin".to_owned(), "off".to_owned()), 21.25)]);
        assert_eq!(parse(&render(&counts, "rustc 1.0")), Ok((counts, Some("rustc 1.0".to_owned()))));
    }

    #[test]
    fn a_line_that_is_no_count_is_named() {
        assert_eq!(parse("thin\toff"), Err("thin\toff"));
    }
}
