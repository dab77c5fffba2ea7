//! A server of others that speaks the protocols of the providers:
//! [`@copilotkit/aimock`](https://github.com/CopilotKit/aimock).

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct Aimock {
    child: Child,
    url: String,
}

impl Aimock {
    /// Starts the server with a list of [fixtures](https://aimock.copilotkit.dev/fixtures). `None` when node or the package
    /// is missing, which is said; with `THROUGHLINE_REQUIRE_SERVERS=1` that is a failure.
    #[must_use]
    pub fn start(fixtures: &Value) -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("aimock/server.cjs");
        let child = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else {
            skip("no node, or it does not start");
            return None;
        };
        // Without the package it ends without having read this.
        let input = child.stdin.as_mut().expect("an input");
        let _ = writeln!(input, "{fixtures}").and_then(|()| input.flush());
        let output = child.stdout.take().expect("an output");
        match first_line(output) {
            Some(url) => Some(Self { child, url }),
            None => {
                let said = child.wait_with_output().expect("it ends");
                let said = String::from_utf8_lossy(&said.stderr);
                assert!(said.contains("Cannot find module '@copilotkit/aimock'"), "{said}");
                skip("no @copilotkit/aimock: `npm ci --prefix tests/clients/aimock`");
                None
            }
        }
    }

    /// Where a path of it is.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `None` when it ends without one.
fn first_line(output: ChildStdout) -> Option<String> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("text");
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
fn skip(why: &str) {
    let required = env::var("THROUGHLINE_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(!required, "{why}");
    eprintln!("skipped: {why}");
}
