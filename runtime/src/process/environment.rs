//! The variables of this process.

use crate::propagation::Extract;

/// The environment of this process, as a carrier: `traceparent` is read from `TRACEPARENT`, `x-request-id` from
/// `X_REQUEST_ID`.
///
/// ```
/// use throughline::process::Environment;
///
/// let context = throughline::extract(&Environment);
/// assert!(context.is_empty(), "nobody who has a trace started the test");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Environment;

impl Extract for Environment {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        if let Some(found) = std::env::var_os(variable(key)) {
            value(found.as_encoded_bytes());
        }
    }
}

/// The variable for a key, as OpenTelemetry
/// [normalizes](https://opentelemetry.io/docs/specs/otel/context/env-carriers/#key-name-normalization) it.
pub(super) fn variable(key: &str) -> String {
    let allowed =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    let name: String = key.chars().map(allowed).collect();
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_as_the_specification_says() {
        let named = [
            ("traceparent", "TRACEPARENT"),
            ("X-Request-ID", "X_REQUEST_ID"),
            ("x-b3-traceid", "X_B3_TRACEID"),
            ("3scale", "_3SCALE"),
            ("sch\u{f6}n=\0", "SCH_N__"),
            ("", "_"),
        ];
        for (key, name) in named {
            assert_eq!(variable(key), name);
            assert_eq!(variable(name), name, "a normalized name stays");
        }
    }
}
