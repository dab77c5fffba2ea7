//! The log line at the end of a request.

#[cfg(not(feature = "logs"))]
mod disabled;
#[cfg(feature = "logs")]
mod enabled;

#[cfg(not(feature = "logs"))]
pub(super) use disabled::write;
#[cfg(feature = "logs")]
pub(super) use enabled::write;

/// What the log line at the end of a request says of it, beside how long it took.
#[derive(Clone, Copy, Debug, Default)]
pub struct EndFields<'a> {
    /// The method: `GET`, or of a remote procedure call `shop.Catalog/Find`.
    pub method: &'a str,
    /// The template of the path, where it is known.
    pub route: Option<&'a str>,
    /// The status of HTTP, where there was a response and it says something.
    pub status: Option<u16>,
    /// The status of a remote procedure call, such as `NOT_FOUND`.
    pub rpc_status: Option<&'a str>,
}

/// The line.
#[cfg_attr(not(feature = "logs"), expect(dead_code, reason = "the line is written with the feature `logs`"))]
pub(super) struct EndLine<'a> {
    pub(super) fields: EndFields<'a>,
    pub(super) duration_ms: f64,
    /// Why there was no response, or why it was not sent to its end.
    pub(super) error: Option<&'a str>,
}
