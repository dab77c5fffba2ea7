//! The host and port a client asked for.

use http::header::HOST;
use http::{HeaderMap, Uri};

/// Host and port of `uri` where it has them, else of the header `Host`.
pub(super) fn of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<(&'a str, Option<u16>)> {
    let authority = uri.authority().map(|authority| authority.as_str());
    let authority = authority.or_else(|| headers.get(HOST)?.to_str().ok())?;
    Some(split(authority)).filter(|(host, _)| !host.is_empty())
}

/// Takes an authority apart. An IPv6 address keeps its brackets off.
pub(super) fn split(authority: &str) -> (&str, Option<u16>) {
    let authority = authority.rsplit_once('@').map_or(authority, |(_, after)| after);
    if let Some((host, rest)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()),
        None => (authority, None),
    }
}

/// The port that belongs to a scheme.
pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The version of HTTP, in the words of the conventions.
pub(super) fn version(version: http::Version) -> Option<&'static str> {
    Some(match version {
        http::Version::HTTP_09 => "0.9",
        http::Version::HTTP_10 => "1.0",
        http::Version::HTTP_11 => "1.1",
        http::Version::HTTP_2 => "2",
        http::Version::HTTP_3 => "3",
        _ => return None,
    })
}
