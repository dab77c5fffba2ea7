//! The log line at the end of a request.

#[cfg(not(feature = "logs"))]
mod disabled;
#[cfg(feature = "logs")]
mod enabled;

#[cfg(not(feature = "logs"))]
pub(super) use disabled::write;
#[cfg(feature = "logs")]
pub(super) use enabled::write;

/// What the line says.
#[cfg_attr(not(feature = "logs"), expect(dead_code, reason = "the line is written with the feature `logs`"))]
pub(super) struct EndLine<'a> {
    pub(super) method: &'a str,
    /// The template of the path, where it is known.
    pub(super) route: Option<&'a str>,
    /// The status, where there was a response.
    pub(super) status: Option<u16>,
    pub(super) duration_ms: f64,
    /// Why there was none, or why it was not sent to its end.
    pub(super) error: Option<&'a str>,
}
