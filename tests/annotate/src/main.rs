//! Annotates every function of a real crate, and holds it to what it was before: the same diagnostics, the same tests, and
//! spans where there were none. See the README beside it.

mod annotate;
mod cargo;
mod cost;
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
    let arguments = Arguments::read()?;
    if arguments.cost {
        arguments.subjects.iter().try_for_each(|subject| cost::measure(subject))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = Vec::new();
    let mut is_good = true;
    for subject in arguments.subjects {
        let name = format!("{} {}", subject.name, subject.version);
        let examination = Examination::of(subject).with_context(|| name.clone())?;
        println!("{examination}");
        is_good &= examination.is_good();
        rows.push(format!("| {name} {}", examination.row()));
    }
    println!("{}\n{}", Examination::HEAD, rows.join("\n"));
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Arguments {
    /// Those that are named, or all of them.
    subjects: Vec<&'static Subject>,
    /// What the attribute costs the compiler is measured instead.
    cost: bool,
}

impl Arguments {
    fn read() -> Result<Self> {
        let mut parser = lexopt::Parser::from_env();
        let (mut subjects, mut cost) = (Vec::new(), false);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("cost") => cost = true,
                Value(name) => match SUBJECTS.iter().find(|subject| name == subject.name) {
                    Some(subject) => subjects.push(subject),
                    None => bail!("{} is none of the crates in subjects.rs", name.display()),
                },
                argument => return Err(argument.unexpected().into()),
            }
        }
        if subjects.is_empty() {
            subjects.extend(SUBJECTS);
        }
        Ok(Self { subjects, cost })
    }
}
