//! The collector as a process: [`rotel`](https://github.com/streamfold/rotel), of the wheel of that name.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use throughline::export::otlp::{OtlpConfig, OtlpSink, Resource};
use throughline::span::{Callsite, Sink};

use super::Seen;
use crate::otlp::Shape;

/// A collector that runs until it is dropped.
#[derive(Debug)]
pub struct Collector {
    child: Child,
    http: SocketAddr,
    lines: Receiver<String>,
}

/// Longer than anything here takes: a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);

/// A span by this name ends what was sent before it.
static SENTINEL: Callsite = Callsite::new("sentinel of the collector's test", "", "", 0, &[]);

impl Collector {
    /// Starts the program that `THROUGHLINE_ROTEL` names, else `rotel-agent` or `rotel` in `PATH`. `None` when there is
    /// none, which is said; with `THROUGHLINE_REQUIRE_SERVERS=1` that is a failure.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            skip("no rotel: `pip install --pre rotel==0.0.1a15`, and its rotel-agent in THROUGHLINE_ROTEL");
            return None;
        };
        // A port that is free now may be another's when the program takes it: then it ends, and is given two others.
        let started = (0..10).find_map(|_| Self::run(&program));
        Some(started.expect("the collector starts"))
    }

    /// `None` when it ends before it listens.
    fn run(program: &Path) -> Option<Self> {
        let (http, grpc) = free_addresses();
        let mut child = Command::new(program)
            .args(["start", "--exporter", "blackhole", "--debug-log", "traces"])
            .args(["--debug-log-verbosity", "detailed", "--otlp-http-endpoint", &http.to_string()])
            .args(["--otlp-grpc-endpoint", &grpc.to_string()])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        start(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            lines.map_while(|line| sender.send(line).ok()).for_each(drop);
        });
        let mut collector = Self { child, http, lines };
        collector.is_ready().then_some(collector)
    }

    /// The address to send traces to.
    pub fn endpoint(&self) -> String {
        format!("http://{}/v1/traces", self.http)
    }

    /// Everything received so far, by its own account. What was sent before must have been answered.
    pub fn received(&self) -> Vec<Seen> {
        self.send_sentinel();
        let mut text = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("the collector says what it received");
            let is_last = line.trim_start().starts_with("Name") && line.ends_with(SENTINEL.name);
            text.push(line);
            if is_last {
                let mut seen = Seen::parse(&text);
                seen.retain(|span| span.name != SENTINEL.name);
                return seen;
            }
        }
    }

    fn send_sentinel(&self) {
        let mut config = OtlpConfig::default();
        config.endpoint = self.endpoint();
        let mut sink = OtlpSink::start(config, &Resource::new("sentinel"), Arc::default()).expect("a sink");
        Shape::new(&SENTINEL, 1).view(|span| sink.span(span));
        assert!(sink.flush(PATIENCE), "the collector takes the sentinel");
    }

    /// Waits until it listens. `false` when it has ended.
    fn is_ready(&mut self) -> bool {
        loop {
            if self.child.try_wait().expect("a state").is_some() {
                return false;
            }
            if TcpStream::connect(self.http).is_ok() {
                return true;
            }
            // Another process cannot tell us in any other way that it listens.
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    if let Some(program) = env::var_os("THROUGHLINE_ROTEL").filter(|program| !program.is_empty()) {
        return Some(program.into());
    }
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    let candidates = ["rotel-agent", "rotel"].into_iter();
    candidates
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
fn skip(why: &str) {
    let required = env::var("THROUGHLINE_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(!required, "{why}");
    eprintln!("skipped: {why}");
}

#[expect(clippy::disallowed_methods, reason = "reads the output of another process")]
fn start(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work);
}

/// Both at once, so that they differ.
fn free_addresses() -> (SocketAddr, SocketAddr) {
    let listeners = [0; 2].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a free port"));
    let [http, grpc] = listeners.map(|listener| listener.local_addr().expect("an address"));
    (http, grpc)
}
