//! Runs cargo on a package.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::folders::target;

/// `cargo` with `arguments` in the folder `package`. All of them share what they build.
pub(crate) fn cargo(package: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(package).args(arguments).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", target()).env("CARGO_TERM_COLOR", "never");
    command
}

/// What it prints, whether it succeeds or not.
pub(crate) fn output(command: &mut Command) -> Result<(bool, String)> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// What it prints when it succeeds.
pub(crate) fn succeed(command: &mut Command) -> Result<String> {
    match output(command)? {
        (true, text) => Ok(text),
        (false, _) => bail!("failed: {command:?}"),
    }
}

/// Both its streams, in the order in which they were written, left in `file`.
pub(crate) fn logged(command: &mut Command, file: &Path) -> Result<(bool, String)> {
    let log = File::create(file).with_context(|| file.display().to_string())?;
    let status = command.stdout(log.try_clone()?).stderr(log).status()?;
    Ok((status.success(), String::from_utf8_lossy(&std::fs::read(file)?).into_owned()))
}
