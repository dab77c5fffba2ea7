//! What the attribute adds to the time of `cargo check` and to machine code, beside those of others.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::annotate::Function;
use crate::cargo::{cargo, succeed};
use crate::diagnostics::errors;
use crate::folders::{repository, scratch, target};
use crate::package::{Package, in_folder};
use crate::subjects::Subject;

/// How often a crate is checked; the fastest time counts, for nothing makes it too fast.
const CHECKS: usize = 7;

/// An attribute that makes spans, and the dependency that it needs.
struct Contender {
    name: &'static str,
    attribute: &'static str,
    dependency: Option<(&'static str, String)>,
}

/// A copy of the crate, ready to be built.
struct Copy {
    name: &'static str,
    folder: PathBuf,
    /// Seconds of a processor that a check takes.
    check: f64,
    /// Bytes of machine code in the release build of the library.
    code: u64,
}

/// The functions that one of the attributes cannot be on: file and first line.
type Refused = BTreeSet<(String, usize)>;

/// Measures all of them on the same functions, those that every attribute can be on.
pub(crate) fn measure(subject: &Subject) -> Result<()> {
    let scratch = scratch(subject)?.join("cost");
    let package = Package::download(subject, &scratch.join("download"))?;
    let contenders = contenders();
    let mut refused = Refused::new();
    for contender in &contenders {
        refuse(subject, &package, contender, &scratch.join(contender.name), &mut refused)?;
    }
    let mut annotated = 0;
    let mut copies = Vec::new();
    for contender in &contenders {
        let folder = scratch.join(contender.name);
        annotated = store(&package, contender, &folder, &refused)?;
        succeed(cargo(&folder, &["build", "--release"]).args(subject.features))?;
        let code = machine_code(&subject.name.replace('-', "_"))?;
        copies.push(Copy { name: contender.name, folder, check: f64::INFINITY, code });
    }
    for _ in 0..CHECKS {
        for copy in &mut copies {
            copy.check = copy.check.min(check(subject, &package, &copy.folder)?);
        }
    }
    println!("{} {}, {annotated} functions, {} refused\n", subject.name, subject.version, refused.len());
    println!("| attribute | check, CPU s | added | code, KiB | added |\n|---|---|---|---|---|");
    for Copy { name, check, code, .. } in &copies {
        let (time, size) = (check / copies[0].check - 1.0, *code as f64 / copies[0].code as f64 - 1.0);
        println!("| {name} | {check:.2} | {time:.2}x | {} | {size:.2}x |", code / 1024);
    }
    Ok(())
}

/// Adds the functions that `contender` cannot be on: the innermost ones around the errors.
fn refuse(
    subject: &Subject,
    package: &Package,
    contender: &Contender,
    folder: &Path,
    refused: &mut Refused,
) -> Result<()> {
    let functions = package.functions()?;
    loop {
        store(package, contender, folder, refused)?;
        let errors = errors(folder, subject.features)?;
        let before = refused.len();
        for (file, line) in &errors {
            let around =
                functions.iter().filter(|(of, function)| of == file && function.lines.contains(line));
            let innermost = around.max_by_key(|(_, function)| *function.lines.start());
            refused.extend(innermost.map(|(file, function)| (file.clone(), *function.lines.start())));
        }
        if errors.is_empty() {
            return Ok(());
        }
        ensure!(refused.len() > before, "{} does not compile: {errors:?}", contender.name);
    }
}

/// The crate as it is, ours, and those of others as an application turns them on.
fn contenders() -> [Contender; 4] {
    let ours = in_folder(&repository().join("runtime"));
    let tracing = "version = \"0.1\"".to_owned();
    let fastrace = "version = \"0.7\"\nfeatures = [\"enable\"]".to_owned();
    let contender = |name, attribute, dependency| Contender { name, attribute, dependency };
    [
        contender("none", "", None),
        contender("traced", "#[throughline::traced]", Some(("throughline", ours))),
        contender("fastrace", "#[fastrace::trace]", Some(("fastrace", fastrace))),
        contender("instrument", "#[tracing::instrument(skip_all)]", Some(("tracing", tracing))),
    ]
}

/// Writes the copy with the attribute on all functions but those `refused`, and says on how many.
fn store(package: &Package, contender: &Contender, folder: &Path, refused: &Refused) -> Result<usize> {
    let mut copy = package.clone();
    let mut annotated = 0;
    if !contender.attribute.is_empty() {
        let left_out = |file: &str, function: &Function| {
            refused.contains(&(file.to_owned(), *function.lines.start())).then_some("one of them cannot")
        };
        annotated = copy.annotate(contender.attribute, left_out)?.annotated;
    }
    if let Some((name, specification)) = &contender.dependency {
        copy.depend(name, specification);
    }
    copy.store(folder)?;
    Ok(annotated)
}

/// The seconds of a processor that it takes to check the crate, whose dependencies are built.
fn check(subject: &Subject, package: &Package, folder: &Path) -> Result<f64> {
    for root in package.roots() {
        // What was written after the last check is checked again.
        let path = folder.join(root);
        fs::write(&path, fs::read(&path)?)?;
    }
    let before = children()?;
    // All of it, not what changed since the last check.
    succeed(cargo(folder, &["check", "--quiet"]).args(subject.features).env("CARGO_INCREMENTAL", "0"))?;
    Ok(children()? - before)
}

/// The seconds that all ended children took of a processor, by the kernel's clock of 100 ticks a second.
fn children() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = status.rsplit_once(") ").context("the name of the process has its brackets")?;
    let ticks = fields.split(' ').skip(13).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

/// The bytes of machine code in the library that was built last.
fn machine_code(name: &str) -> Result<u64> {
    let library = target().join("release").join(format!("lib{name}.rlib"));
    let output = Command::new("size").arg("-A").arg(&library).output().context("`size` of binutils")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let sections = text.lines().filter(|line| line.starts_with(".text"));
    let sizes = sections.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    Ok(sizes.sum())
}
