//! URLs without secrets.

use std::borrow::Cow;

/// Keys of a query whose values sign the request, as
/// [the conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/) list them.
const SIGNATURES: [&str; 4] = ["AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature"];
const REDACTED: &str = "REDACTED";

/// The URL with its credentials and signatures replaced by `REDACTED`.
pub(super) fn redact(url: &str) -> Cow<'_, str> {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let end = url[authority..].find(['/', '?', '#']).map_or(url.len(), |at| authority + at);
    let credentials = url[authority..end].rfind('@').map(|at| authority + at);
    let (before, query) = url[end..].split_once('?').unwrap_or((&url[end..], ""));
    if credentials.is_none() && !query.split('&').any(is_signature) {
        return Cow::Borrowed(url);
    }
    let mut safe = url[..authority].to_owned();
    match credentials {
        Some(at) => safe.extend([REDACTED, ":", REDACTED, &url[at..end]]),
        None => safe.push_str(&url[authority..end]),
    }
    safe.push_str(before);
    for (index, pair) in query.split('&').enumerate().filter(|_| !query.is_empty()) {
        safe.push(if index == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((key, _)) if is_signature(pair) => safe.extend([key, "=", REDACTED]),
            _ => safe.push_str(pair),
        }
    }
    Cow::Owned(safe)
}

fn is_signature(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(key, _)| SIGNATURES.contains(&key))
}
