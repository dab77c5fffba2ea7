//! Responses that were written down, for what no server here answers.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A file of `fixtures`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// Where it is from.
    #[expect(dead_code, reason = "for people, but no file may lack it")]
    source: String,
    /// A whole response.
    #[serde(default)]
    body: Value,
    /// The events of a stream.
    #[serde(default)]
    events: Vec<Value>,
}

impl Fixture {
    /// Reads `fixtures/<name>.json`.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).with_extension("json");
        let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The response, as a client has it.
    #[must_use]
    pub fn body<T: DeserializeOwned>(self) -> T {
        read(&self.body)
    }

    /// The events, as a client has them.
    #[must_use]
    pub fn events<T: DeserializeOwned>(self) -> Vec<T> {
        self.events.iter().map(read).collect()
    }
}

/// From text, as clients do: some of their types borrow from it.
fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap_or_else(|error| panic!("{error}: {value}"))
}
