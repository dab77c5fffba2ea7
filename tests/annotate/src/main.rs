//! Annotates every function of a real crate, and holds it to what it was before: the same diagnostics, the same tests, and
//! spans where there were none. See the README beside it.

mod annotate;
mod cargo;
mod diagnostics;
mod examination;
mod folders;
mod package;
mod subjects;
mod suite;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use lexopt::prelude::*;

use crate::examination::Examination;
use crate::subjects::{SUBJECTS, Subject};

fn main() -> Result<ExitCode> {
    let mut rows = Vec::new();
    let mut is_good = true;
    for subject in subjects()? {
        let name = format!("{} {}", subject.name, subject.version);
        let examination = Examination::of(subject).with_context(|| name.clone())?;
        println!("{examination}");
        is_good &= examination.is_good();
        rows.push(format!("| {name} {}", examination.row()));
    }
    println!("{}\n{}", Examination::HEAD, rows.join("\n"));
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Those that are named, or all of them.
fn subjects() -> Result<Vec<&'static Subject>> {
    let mut arguments = lexopt::Parser::from_env();
    let mut subjects = Vec::new();
    while let Some(argument) = arguments.next()? {
        let Value(name) = argument else { return Err(argument.unexpected().into()) };
        match SUBJECTS.iter().find(|subject| name == subject.name) {
            Some(subject) => subjects.push(subject),
            None => bail!("{} is none of the crates in subjects.rs", name.display()),
        }
    }
    if subjects.is_empty() {
        subjects.extend(SUBJECTS);
    }
    Ok(subjects)
}
