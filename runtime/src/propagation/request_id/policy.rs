//! Which request IDs of others are taken.

use crate::named::named;

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

named!(Policy, ParsePolicyError, "`trust`, `validate` or `always-new`", {
    Trust = "trust",
    Validate = "validate",
    AlwaysNew = "always-new",
});
