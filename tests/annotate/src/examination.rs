//! A crate with the attribute beside the same crate without it.

use std::fmt;
use std::fs;

use anyhow::{Result, ensure};

use crate::diagnostics::{Comparison, diagnostics};
use crate::folders::{repository, scratch};
use crate::package::{Functions, Package, in_folder};
use crate::subjects::Subject;
use crate::suite::{self, Outcome, Spans};

const ATTRIBUTE: &str = "#[throughline::traced]";

/// At most this share of a crate's functions is left out.
const LEFT_OUT: f64 = 0.02;

/// What was found out about a crate.
pub(crate) struct Examination {
    functions: Functions,
    said: Comparison,
    before: Outcome,
    after: Outcome,
    spans: Spans,
}

impl Examination {
    pub(crate) const HEAD: &str = "\
        | crate | functions | annotated | left out | const | diagnostics | new | gone | tests before | after | spans | of functions |\n\
        |---|---|---|---|---|---|---|---|---|---|---|---|";

    pub(crate) fn of(subject: &Subject) -> Result<Self> {
        let scratch = scratch(subject)?;
        let (plain, traced) = (scratch.join("plain"), scratch.join("traced"));
        let package = Package::download(subject, &scratch.join("download"))?;
        let mut copy = package.clone();
        let functions = copy.annotate(ATTRIBUTE, |file, function| subject.reason(file, &function.path))?;
        let unused = subject.exceptions.len().saturating_sub(functions.left_out.len());
        ensure!(unused == 0, "{unused} exceptions are of functions that are not there");
        copy.depend("throughline", &in_folder(&repository().join("runtime")));
        copy.depend(
            "throughline-annotate-recorder",
            &in_folder(&repository().join("tests/annotate/recorder")),
        );
        copy.link("throughline_annotate_recorder")?;
        package.store(&plain)?;
        copy.store(&traced)?;

        let before = diagnostics(&plain, subject.features, ATTRIBUTE)?;
        let after = diagnostics(&traced, subject.features, ATTRIBUTE)?;
        let said = Comparison::of(&before, &after);

        let spans = scratch.join("spans");
        if spans.exists() {
            fs::remove_file(&spans)?;
        }
        let before = suite::run(&plain, subject.features, &spans, &scratch.join("plain.log"))?;
        let after = suite::run(&traced, subject.features, &spans, &scratch.join("traced.log"))?;
        Ok(Self { functions, said, before, after, spans: suite::spans(&spans)? })
    }

    /// Nothing is worse with the attribute, and tests have spans.
    pub(crate) fn is_good(&self) -> bool {
        let Self { functions, said, before, after, spans } = self;
        functions.left_out_share() <= LEFT_OUT
            && said.new.is_empty()
            && before.passed == after.passed
            && (spans.recorded > 0 || before.passed.is_empty())
    }

    /// The crate's line below [`Self::HEAD`], from the second column on.
    pub(crate) fn row(&self) -> String {
        let Self { functions, said, before, after, spans } = self;
        let left_out = format!("{} ({:.1} %)", functions.left_out.len(), functions.left_out_share() * 100.0);
        let (all, annotated, constant) = (functions.all(), functions.annotated, functions.constant);
        let (said, new, gone) = (said.before, said.new.len(), said.gone.len());
        let (passed, still) = (before.passed.len(), after.passed.len());
        let (recorded, traced) = (spans.recorded, spans.functions.len());
        format!(
            "| {all} | {annotated} | {left_out} | {constant} | {said} | {new} | {gone} | {passed} | {still} | {recorded} | {traced} |"
        )
    }
}

/// What has to be looked at.
impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { functions, said, before, after, spans } = self;
        for (function, reason) in &functions.left_out {
            writeln!(f, "left out: {function}: {reason}")?;
        }
        for shown in &said.new {
            writeln!(f, "said only with the attribute: {shown}")?;
        }
        for shown in &said.gone {
            writeln!(f, "said only without it: {shown}")?;
        }
        for test in before.failed.union(&after.failed) {
            let verdict = |outcome: &Outcome| if outcome.passed.contains(test) { "passes" } else { "fails" };
            writeln!(f, "{test} {} without the attribute, {} with it", verdict(before), verdict(after))?;
        }
        if spans.dropped > 0 {
            writeln!(f, "{} spans were dropped", spans.dropped)?;
        }
        Ok(())
    }
}
