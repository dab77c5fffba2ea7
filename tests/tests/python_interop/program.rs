//! A program in Python, and the lines that it logs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use serde_json::Value;
use throughline_test_servers::{program, skip};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// How long a program may take to say something: interpreters on a busy machine take seconds to start.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the programs import.
const IMPORTS: &str = "import aio_pika, fastapi, httpx, structlog, uvicorn, opentelemetry.instrumentation.aio_pika, \
    opentelemetry.instrumentation.fastapi, opentelemetry.instrumentation.httpx, \
    opentelemetry.exporter.otlp.proto.http.trace_exporter";

/// The interpreter that has what the programs import: the one that `THROUGHLINE_PYTHON` names, else the one in `PATH`.
/// `None` when there is none, which is said.
pub(crate) fn interpreter() -> Option<PathBuf> {
    let named = env::var_os("THROUGHLINE_PYTHON").filter(|python| !python.is_empty()).map(PathBuf::from);
    let found = named.or_else(|| program::<&str>("python3", [])).filter(|python| {
        let imported = Command::new(python).args(["-c", IMPORTS]).stderr(Stdio::null()).status();
        imported.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        skip(
            "no Python with tests/tests/python_interop/requirements.txt: `pip install -r` it, and THROUGHLINE_PYTHON",
        );
    }
    found
}

/// A program that runs until it is dropped.
pub(crate) struct Program {
    child: Child,
    lines: UnboundedReceiver<Value>,
}

impl Program {
    pub(crate) fn start(python: &Path, script: &str, variables: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_interop");
        let mut child = Command::new(python)
            .arg("-B")
            .arg(folder.join(script))
            .env("PYTHONUNBUFFERED", "1")
            .env("OTEL_SERVICE_NAME", script)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python is run");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = unbounded_channel();
        let read = move || {
            for line in output.lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
                if sender.send(line).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().name("python".to_owned()).spawn(read).expect("a thread");
        Self { child, lines }
    }

    /// The next line that it logs, which has to say `event`.
    pub(crate) async fn line(&mut self, event: &str) -> Value {
        let line = timeout(PATIENCE, self.lines.recv()).await.expect("a line in time").expect("a line");
        assert_eq!(line["event"], event, "{line}");
        line
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
