//! Builds the binaries that a binary of this crate runs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

/// The directory that this program itself was built into.
///
/// # Errors
///
/// When it stands in no target directory.
pub fn target_directory() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or_else(|| io::Error::other("not in a target directory"))?;
    Ok(target.to_owned())
}

/// Builds the binary `name` in `profile`, and returns where it is.
///
/// # Errors
///
/// When it does not build.
pub fn build(name: &str, profile: &str, features: &str, target: &Path) -> io::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "throughline-benches", "--bin", name])
        .args(["--profile", profile, "--features", features])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if status.success() {
        Ok(target.join(profile).join(name))
    } else {
        Err(io::Error::other(format!("{name} does not build in profile {profile}")))
    }
}
