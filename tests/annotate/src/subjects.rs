//! The crates that are annotated.

/// A crate, and how it is built.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// What its own CI turns on, as arguments of cargo.
    pub(crate) features: &'static [&'static str],
    /// What the published manifest lost: cargo drops development dependencies that have a path and no version.
    pub(crate) manifest: &'static str,
    pub(crate) exceptions: &'static [Exception],
}

/// A function that stays as it is.
pub(crate) struct Exception {
    /// Its file in the package.
    pub(crate) file: &'static str,
    /// Its name, after those of the modules, types and functions it is in.
    pub(crate) function: &'static str,
    /// Why it cannot be annotated.
    pub(crate) reason: &'static str,
}

impl Subject {
    /// Why a function stays as it is, if it does.
    pub(crate) fn reason(&self, file: &str, function: &str) -> Option<&'static str> {
        let is_it = |exception: &&Exception| exception.file == file && exception.function == function;
        self.exceptions.iter().find(is_it).map(|exception| exception.reason)
    }
}

/// All of them; the versions are the newest ones of November 2026.
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject {
        manifest: "[dev-dependencies.axum-macros]\nversion = \"0.5\"\nfeatures = [\"__private\"]",
        ..subject("axum", "0.8.9")
    },
    subject("tower-http", "0.6.11"),
    subject("tokio-util", "0.7.20"),
    subject("ripgrep", "15.2.0"),
    subject("grep", "0.4.1"),
    subject("grep-cli", "0.1.12"),
    subject("grep-matcher", "0.1.9"),
    subject("grep-printer", "0.3.1"),
    subject("grep-regex", "0.1.14"),
    subject("grep-searcher", "0.1.17"),
    subject("globset", "0.4.21"),
    subject("ignore", "0.4.34"),
];

/// A crate of which all features are turned on.
const fn subject(name: &'static str, version: &'static str) -> Subject {
    Subject { name, version, features: &["--all-features"], manifest: "", exceptions: &[] }
}
