//! Where everything is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::subjects::Subject;

/// The top of Throughline's sources.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the tool is in tests/annotate")
        .to_owned()
}

/// What cargo builds, of the tool and of the crates.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

/// Where the copies of a crate are.
pub(crate) fn scratch(subject: &Subject) -> Result<PathBuf> {
    let all = target().join("annotate");
    fs::create_dir_all(&all)?;
    // Clippy looks for settings in the folders above, where ours are.
    fs::write(all.join("clippy.toml"), "")?;
    Ok(all.join(format!("{}-{}", subject.name, subject.version)))
}
