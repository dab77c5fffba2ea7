//! The program of an example: built once a test process, run with an environment that nothing of the host's leaks into.

use std::io::{BufRead as _, BufReader, Read};
use std::mem;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{OnceLock, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// What ends a run that hangs: a hundred times what one takes.
const LONGEST: Duration = Duration::from_secs(300);

/// What a test changes about a run.
#[derive(Debug)]
pub struct Program {
    command: Command,
}

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    /// How it exited.
    pub status: ExitStatus,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Program {
    /// The `rag` example with these arguments, and without the variables that would configure it.
    pub fn new(args: &[&str]) -> Self {
        Self::example_with("rag", args)
    }

    /// Another example, without arguments.
    pub fn example(name: &str) -> Self {
        Self::example_with(name, &[])
    }

    /// Another example with these arguments.
    pub fn example_with(name: &str, args: &[&str]) -> Self {
        let mut command = Command::new(executable(name));
        command.args(args);
        Self::bare(command)
    }

    /// The same in a network namespace of its own, where there is nothing but the loopback device.
    pub fn isolated(args: &[&str]) -> Self {
        let mut command = Command::new("unshare");
        let up = "ip link set lo up && exec \"$0\" \"$@\"";
        command
            .args(["--user", "--map-root-user", "--net", "sh", "-c", up])
            .arg(executable("rag"))
            .args(args);
        Self::bare(command)
    }

    fn bare(mut command: Command) -> Self {
        command.stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let configures =
                ["OTEL_", "OPENAI_", "THROUGHLINE_", "NO_COLOR", "RUST_LOG", "DATABASE_URL", "AMQP_URL"];
            let is_of = |name: &str| {
                configures.iter().any(|prefix| name.starts_with(prefix))
                    || name.to_lowercase().ends_with("_proxy")
            };
            if name.to_str().is_some_and(is_of) {
                command.env_remove(name);
            }
        }
        Self { command }
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sends traces to the OTLP receiver with this address for traces.
    #[must_use]
    pub fn otlp(self, address: &str) -> Self {
        self.env("OTEL_EXPORTER_OTLP_ENDPOINT", address.trim_end_matches("/v1/traces"))
    }

    /// Runs it to its end, which has to come.
    pub fn run(self) -> Finished {
        let (mut child, stdout, stderr) = self.spawn();
        let (stdout, stderr) = (read_all(stdout), read_all(stderr));
        let (tell, told) = mpsc::channel();
        let waiting = spawn(move || {
            // What it wrote is complete when it has ended.
            let texts = [stdout, stderr].map(|reader| reader.join().expect("read"));
            let _ = tell.send(texts);
        });
        let Ok([stdout, stderr]) = told.recv_timeout(LONGEST) else {
            let _ = child.kill();
            panic!("the example did not end in {LONGEST:?}");
        };
        waiting.join().expect("it has sent");
        Finished { status: child.wait().expect("it has ended"), stdout, stderr }
    }

    /// Starts it, and waits until it says on stderr where it listens.
    pub fn serve(self) -> Server {
        let (child, stdout, stderr) = self.spawn();
        let (stdout, mut stderr) = (Output::of(stdout), Output::of(stderr));
        let line = stderr.line().expect("a line on stderr");
        let url = line.trim().strip_prefix("Listening on ").unwrap_or_else(|| panic!("no address: {line}"));
        stderr.text.clear();
        Server { child, url: url.to_owned(), stdout, stderr }
    }

    /// Starts it, and waits until it says on stdout where to order by curl.
    pub fn keep(self) -> Server {
        let (child, stdout, stderr) = self.spawn();
        let (mut stdout, stderr) = (Output::of(stdout), Output::of(stderr));
        let url = stdout.wait_for("  curl -i ");
        let url = url.split("/orders").next().unwrap_or_default().to_owned();
        Server { child, url, stdout, stderr }
    }

    fn spawn(mut self) -> (Child, ChildStdout, ChildStderr) {
        let piped = self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the example can be run");
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        (child, stdout, stderr)
    }
}

impl Finished {
    /// Fails with everything that was written unless the run was a success.
    #[track_caller]
    pub fn success(self) -> Self {
        assert!(self.status.success(), "{}\n{}\n{}", self.status, self.stdout, self.stderr);
        self
    }

    /// The lines of stdout that are JSON objects.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines().map(str::trim).filter(|line| line.starts_with('{'));
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }
}

/// The example serving; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
    stdout: Output,
    stderr: Output,
}

/// What a program writes, read while it runs: a full pipe would stop it.
#[derive(Debug)]
struct Output {
    lines: mpsc::Receiver<String>,
    text: String,
}

impl Server {
    /// Where it listens.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Interrupts it, as Ctrl-C would, and waits for its end.
    pub fn interrupt(self) -> Finished {
        self.signal("INT")
    }

    /// Asks it to end, as a supervisor would, and waits for its end.
    pub fn terminate(self) -> Finished {
        self.signal("TERM")
    }

    fn signal(mut self, name: &str) -> Finished {
        // The shell's own: the program by that name is not on every machine.
        let kill = format!("kill -{name} {}", self.child.id());
        let killed = Command::new("sh").args(["-c", &kill]).status().expect("a shell can be run");
        assert!(killed.success(), "{killed}");
        // What it wrote is complete when it has ended.
        let (stdout, stderr) = (self.stdout.all(), self.stderr.all());
        Finished { status: self.child.wait().expect("it has ended"), stdout, stderr }
    }

    /// Waits until a line of stdout begins so.
    #[track_caller]
    pub fn wait_for(&mut self, prefix: &str) {
        self.stdout.wait_for(prefix);
    }
}

impl Output {
    fn of(pipe: impl Read + Send + 'static) -> Self {
        let (send, lines) = mpsc::channel();
        spawn(move || {
            BufReader::new(pipe).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Self { lines, text: String::new() }
    }

    /// What follows `prefix` in the next line that begins with it.
    #[track_caller]
    fn wait_for(&mut self, prefix: &str) -> String {
        while let Some(line) = self.line() {
            if let Some(rest) = line.strip_prefix(prefix) {
                return rest.trim_end().to_owned();
            }
        }
        panic!("no line begins with {prefix:?}: {}", self.text)
    }

    /// All that was written, when the program has ended.
    fn all(&mut self) -> String {
        while self.line().is_some() {}
        mem::take(&mut self.text)
    }

    fn line(&mut self) -> Option<String> {
        let line = match self.lines.recv_timeout(LONGEST) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing more in {LONGEST:?}: {}", self.text),
        };
        self.text += &line;
        self.text.push('\n');
        Some(line)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is over already where the test came to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads to the end while the program runs: a full pipe would stop it.
fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("text");
        text
    })
}

#[expect(clippy::disallowed_methods, reason = "for what a pipe says, which no pipeline has to do with")]
fn spawn<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::spawn(f)
}

/// A built example. Cargo may have built it with these tests; then this takes no time.
fn executable(name: &str) -> PathBuf {
    static BUILT: OnceLock<Vec<(String, PathBuf)>> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    let found = built.iter().find(|(example, _)| example == name);
    found.unwrap_or_else(|| panic!("no example {name} in {built:?}")).1.clone()
}

/// Builds the examples, and tells where cargo put them.
fn build() -> Vec<(String, PathBuf)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    build.args([
        "build",
        "--offline",
        "--example",
        "rag",
        "--example",
        "agent",
        "--example",
        "quickstart",
        "--example",
        "slow",
        "--example",
        "shop",
        "--message-format",
        "json",
    ]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.output().expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).expect("messages are text");
    let messages = messages.lines().filter_map(|message| serde_json::from_str::<Value>(message).ok());
    let built = |message: Value| {
        let executable = message["executable"].as_str().map(PathBuf::from)?;
        Some((message["target"]["name"].as_str()?.to_owned(), executable))
    };
    messages.filter_map(built).collect()
}
