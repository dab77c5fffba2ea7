//! The collector as a process: [`rotel`](https://github.com/streamfold/rotel), of the wheel of that name.

use std::env;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use opentelemetry_proto::tonic::trace::v1::Span;
use throughline_test_servers::{free_addresses, program, skip};

use crate::otlp::{self, Point};
use crate::receiver::{Receiver, Request};

/// A collector that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Collector {
    child: Child,
    http: SocketAddr,
    grpc: SocketAddr,
    /// What it passes on to.
    behind: Receiver,
}

impl Collector {
    /// Starts the program that `THROUGHLINE_ROTEL` names, else `rotel-agent` or `rotel` in `PATH`. `None` when there is
    /// none, which is said; with `THROUGHLINE_REQUIRE_SERVERS=1` that is a failure.
    pub fn start() -> Option<Self> {
        let Some(program) = rotel() else {
            skip("no rotel: `pip install --pre rotel==0.0.1a15`, and its rotel-agent in THROUGHLINE_ROTEL");
            return None;
        };
        // A port that is free now may be another's when the program takes it: then it ends, and is given two others.
        let started = (0..10).find_map(|_| Self::run(&program));
        Some(started.expect("the collector starts"))
    }

    /// `None` when it ends before it listens.
    fn run(program: &Path) -> Option<Self> {
        let behind = Receiver::answering([]);
        let [http, grpc] = free_addresses();
        let child = Command::new(program)
            .args(["start", "--otlp-http-endpoint", &http.to_string()])
            .args(["--otlp-grpc-endpoint", &grpc.to_string()])
            .args(["--exporter", "otlp", "--otlp-exporter-protocol", "http"])
            .args(["--otlp-exporter-endpoint", behind.endpoint().trim_end_matches("/v1/traces")])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
        let mut collector = Self { child, http, grpc, behind };
        collector.is_ready().then_some(collector)
    }

    /// The address to send traces to.
    pub fn endpoint(&self) -> String {
        format!("http://{}/v1/traces", self.http)
    }

    /// The address to send to by gRPC.
    pub fn grpc_endpoint(&self) -> String {
        format!("http://{}", self.grpc)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.http
    }

    /// The address to send metrics to.
    pub fn metrics_endpoint(&self) -> String {
        format!("http://{}/v1/metrics", self.http)
    }

    /// Stops it, and returns all spans that it received.
    pub fn received(self) -> Vec<Span> {
        let requests = self.passed_on().into_iter().filter(|request| request.line.contains("/v1/traces"));
        requests.flat_map(|request| otlp::spans(&request.content())).collect()
    }

    /// Stops it, and returns all points of metrics that it received.
    pub fn received_points(self) -> Vec<Point> {
        let requests = self.passed_on().into_iter().filter(|request| request.line.contains("/v1/metrics"));
        requests.flat_map(|request| otlp::points(&request.content())).collect()
    }

    /// Stops it: it passes everything on before it ends.
    fn passed_on(mut self) -> Vec<Request> {
        // The shell's own: the program by that name is not on every machine.
        let kill = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &kill]).status().expect("a shell can be run");
        assert!(asked.success(), "{asked}");
        let ended = self.child.wait().expect("it ends");
        assert!(ended.success(), "{ended}");
        self.behind.rest()
    }

    /// Waits until it listens. `false` when it has ended.
    fn is_ready(&mut self) -> bool {
        loop {
            if self.child.try_wait().expect("a state").is_some() {
                return false;
            }
            if [self.http, self.grpc].iter().all(|address| TcpStream::connect(address).is_ok()) {
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

fn rotel() -> Option<PathBuf> {
    let named = env::var_os("THROUGHLINE_ROTEL").filter(|program| !program.is_empty()).map(PathBuf::from);
    named.or_else(|| ["rotel-agent", "rotel"].into_iter().find_map(|name| program::<&str>(name, [])))
}
