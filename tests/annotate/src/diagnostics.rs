//! What the compiler and clippy say of a package, so that it can be compared with what they say of another copy of it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use serde::Deserialize;

use crate::cargo::{cargo, output};

/// What is said, without the number of the line, and what it looks like.
pub(crate) type Diagnostics = BTreeMap<Key, Vec<String>>;

/// What makes a diagnostic the same in both copies.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The library, a program or a test.
    target: String,
    level: String,
    /// The lint, or the error's number.
    code: Option<String>,
    message: String,
    file: String,
    /// The line that is pointed to, without the attribute.
    line: String,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    message: Option<Said>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: String,
}

#[derive(Deserialize)]
struct Said {
    level: String,
    code: Option<Code>,
    message: String,
    spans: Vec<Span>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    is_primary: bool,
    file_name: String,
    line_start: usize,
    text: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// File and line of each error in the library and the programs of the package in `root`.
pub(crate) fn errors(root: &Path, features: &[&str]) -> Result<Vec<(String, usize)>> {
    let (is_ok, text) = output(cargo(root, &["check", "--message-format=json"]).args(features))?;
    let messages = said(&text, root)?.into_iter().map(|(_, said)| said);
    let errors = messages.filter(|said| said.level == "error").flat_map(|said| said.spans);
    let errors = errors.filter(|span| span.is_primary).map(|span| (span.file_name, span.line_start));
    let errors: Vec<_> = errors.collect();
    ensure!(is_ok || !errors.is_empty(), "the check failed on {}", root.display());
    Ok(errors)
}

/// Runs clippy over all targets of the package in `root`, with the lints that are on by default, those that the crate turns
/// on, and the pedantic ones.
pub(crate) fn diagnostics(root: &Path, features: &[&str], attribute: &str) -> Result<Diagnostics> {
    let mut clippy =
        cargo(root, &["clippy", "--all-targets", "--no-deps", "--keep-going", "--message-format=json"]);
    clippy.args(features).args(["--", "-W", "clippy::pedantic"]);
    let (is_ok, text) = output(&mut clippy)?;
    let mut all = Diagnostics::new();
    for (target, said) in said(&text, root)? {
        let (key, rendered) = said.into_key(&target, attribute);
        all.entry(key).or_default().push(rendered);
    }
    ensure!(is_ok || all.keys().any(|key| key.level == "error"), "clippy failed on {}", root.display());
    Ok(all)
}

/// What is said of the package in `root`, in the JSON that cargo prints.
fn said(text: &str, root: &Path) -> Result<Vec<(Target, Said)>> {
    let mut all = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('{')) {
        let message: Message = serde_json::from_str(line)?;
        let (Some(target), Some(said)) = (message.target, message.message) else { continue };
        // The last message of a target only counts the others.
        let is_summary = said.spans.is_empty() && said.code.is_none();
        if message.reason == "compiler-message"
            && Path::new(&target.src_path).starts_with(root)
            && !is_summary
        {
            all.push((target, said));
        }
    }
    Ok(all)
}

impl Said {
    fn into_key(self, target: &Target, attribute: &str) -> (Key, String) {
        let Self { level, code, message, spans, rendered } = self;
        let primary = spans.into_iter().find(|span| span.is_primary);
        let (file, line) = primary.map_or_else(Default::default, |Span { file_name, text, .. }| {
            let line = text.first().map_or("", |line| &line.text);
            (file_name, line.replace(&format!("{attribute} "), "").trim().to_owned())
        });
        let code = code.map(|code| code.code);
        let message = match code.as_deref() {
            // The number is another: clippy counts the braces too where a function is `async`.
            Some("clippy::too_many_lines") => message.split(" (").next().unwrap_or_default().to_owned(),
            _ => message,
        };
        let target = format!("{} {}", target.kind.join(","), target.name);
        (Key { target, level, code, message, file, line }, rendered.unwrap_or_default())
    }
}

/// What is said of one copy only, as the compiler shows it.
pub(crate) struct Comparison {
    /// How much is said of the other one.
    pub(crate) before: usize,
    pub(crate) new: Vec<String>,
    pub(crate) gone: Vec<String>,
}

impl Comparison {
    pub(crate) fn of(before: &Diagnostics, after: &Diagnostics) -> Self {
        let all = before.values().map(Vec::len).sum();
        Self { before: all, new: beyond(after, before), gone: beyond(before, after) }
    }
}

/// What `more` has that `less` has not.
fn beyond(more: &Diagnostics, less: &Diagnostics) -> Vec<String> {
    let extra = more.iter().flat_map(|(key, shown)| shown.iter().skip(less.get(key).map_or(0, Vec::len)));
    extra.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(line: &str, message: &str) -> (Key, String) {
        let said = Said {
            level: "warning".to_owned(),
            code: Some(Code { code: "clippy::a".to_owned() }),
            message: message.to_owned(),
            spans: vec![Span {
                is_primary: true,
                file_name: "src/lib.rs".to_owned(),
                line_start: 1,
                text: vec![Line { text: line.to_owned() }],
            }],
            rendered: Some(line.to_owned()),
        };
        let target = Target { name: "a".to_owned(), kind: vec!["lib".to_owned()], src_path: String::new() };
        said.into_key(&target, "#[t]")
    }

    #[track_caller]
    fn check(before: &[(&str, &str)], after: &[(&str, &str)], new: &[&str], gone: &[&str]) {
        let all = |said_of: &[(&str, &str)]| {
            let mut all = Diagnostics::new();
            for (line, message) in said_of {
                let (key, rendered) = warning(line, message);
                all.entry(key).or_default().push(rendered);
            }
            all
        };
        let comparison = Comparison::of(&all(before), &all(after));
        assert_eq!(
            (comparison.new, comparison.gone),
            (new.iter().map(ToString::to_string).collect(), gone.iter().map(ToString::to_string).collect())
        );
    }

    #[test]
    fn the_attribute_makes_no_difference() {
        check(&[("fn a() {}", "m")], &[("  #[t] fn a() {}", "m")], &[], &[]);
    }

    #[test]
    fn what_is_said_once_more_is_new() {
        check(&[("a", "m")], &[("a", "m"), ("a", "m"), ("a", "n"), ("b", "m")], &["a", "b", "a"], &[]);
    }

    #[test]
    fn what_is_not_said_any_more_is_gone() {
        check(&[("a", "m"), ("b", "m")], &[("a", "m")], &[], &["b"]);
    }
}
