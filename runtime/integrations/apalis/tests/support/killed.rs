//! Workers that are killed, which are processes of their own: each runs one test of this program, and works there.

use std::env;
use std::future::pending;
use std::io::{self, BufRead, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use apalis::prelude::BoxDynError;

/// Where the tasks are that a process works on.
const PLACE: &str = "THROUGHLINE_TEST_PLACE";
const BEGUN: &str = "begun: ";

/// Where this process has to work, if it is one that will be killed.
pub fn place_of_this_process() -> Option<String> {
    env::var(PLACE).ok()
}

/// Says that the run has begun, with its request ID, and goes on until the test that wants it killed ends itself.
pub async fn never_ends(_: u32) -> Result<(), BoxDynError> {
    std::thread::Builder::new().spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(1);
    })?;
    let id = throughline::request_id().map_or_else(String::new, |id| id.to_string());
    writeln!(io::stdout(), "\n{BEGUN}{id}")?;
    pending().await
}

/// A worker that works until it is dropped: then it is killed.
pub struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts a process that runs the test of this name, and works at `place`.
    pub fn start(test: &str, place: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test])
            .env(PLACE, place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits until a run has begun, and returns its request ID.
    pub fn begun(&mut self) -> String {
        let begun = self.lines.find_map(|line| line.unwrap().strip_prefix(BEGUN).map(str::to_owned));
        begun.expect("a run begins")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
