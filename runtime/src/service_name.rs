//! The name of a service that nobody named.

use std::path::Path;

/// `unknown_service:` and the name of the executable, as
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/resource/#service) wants it.
pub(crate) fn unknown() -> String {
    let executable = std::env::args_os().next();
    let name =
        executable.as_deref().and_then(|path| Path::new(path).file_name()).map(|name| name.to_string_lossy());
    name.map_or_else(|| "unknown_service".to_owned(), |name| format!("unknown_service:{name}"))
}
