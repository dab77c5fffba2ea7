//! Which request IDs of others are taken.

use std::fmt;
use std::str::FromStr;

/// Which request IDs that come from outside are taken.
///
/// ```
/// use throughline::propagation::Policy;
///
/// assert_eq!("always-new".parse(), Ok(Policy::AlwaysNew));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Any that can be written into a header again: 1 to 1024 bytes of UTF-8 without control characters.
    Trust,
    /// Those that are valid, see [`RequestId`](crate::RequestId); others are replaced.
    #[default]
    Validate,
    /// None: every request gets a new one.
    AlwaysNew,
}

/// The text names no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsePolicyError;

impl Policy {
    /// The variable of the environment that names it.
    pub const VARIABLE: &'static str = "THROUGHLINE_REQUEST_ID";
}

impl FromStr for Policy {
    type Err = ParsePolicyError;

    fn from_str(name: &str) -> Result<Self, ParsePolicyError> {
        match name.trim() {
            "trust" => Ok(Self::Trust),
            "validate" => Ok(Self::Validate),
            "always-new" => Ok(Self::AlwaysNew),
            _ => Err(ParsePolicyError),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trust => "trust",
            Self::Validate => "validate",
            Self::AlwaysNew => "always-new",
        })
    }
}

impl fmt::Display for ParsePolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `trust`, `validate` or `always-new`")
    }
}

impl std::error::Error for ParsePolicyError {}
