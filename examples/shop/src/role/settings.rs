//! The variables that a process of the shop is told by where the others are.

use std::env;
use std::path::PathBuf;

use anyhow::Context as _;

/// Where `auth` listens.
pub const AUTH: &str = "SHOP_AUTH";
/// Where `catalog` listens.
pub const CATALOG: &str = "SHOP_CATALOG";
/// Where `notifier` listens.
pub const NOTIFIER: &str = "SHOP_NOTIFIER";
/// Where databases may be.
pub const FOLDER: &str = "SHOP_FOLDER";

/// The value of a variable.
///
/// # Errors
///
/// When it is not set.
pub(super) fn read(name: &str) -> anyhow::Result<String> {
    env::var(name).with_context(|| format!("{name} is not set: the shop sets it for its processes"))
}

/// Where databases may be.
///
/// # Errors
///
/// When it is not set.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    read(FOLDER).map(PathBuf::from)
}
