//! PostgreSQL.

use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::{fs, thread};

use crate::undertaker::Undertaker;
use crate::{Scratch, free_addresses, program, skip};

/// A PostgreSQL server with a new database `postgres`, whose user `postgres` needs no password, until it is dropped or this
/// process ends, however it does.
#[derive(Debug)]
pub struct Postgres {
    address: SocketAddr,
    _undertaker: Undertaker,
    _scratch: Scratch,
}

impl Postgres {
    /// Starts a server. `None` when PostgreSQL is not installed, which is said.
    ///
    /// # Panics
    ///
    /// When it does not start, and where servers are required.
    pub fn start() -> Option<Self> {
        let Some(initdb) = program("initdb", installed()) else {
            skip("PostgreSQL is not installed: `apt install postgresql`, or another package with `initdb`");
            return None;
        };
        let started = (0..5).find_map(|_| Self::run(&initdb));
        Some(started.expect("PostgreSQL starts"))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.address)
    }

    /// `None` when it ends before it is ready: the port was another's.
    fn run(initdb: &Path) -> Option<Self> {
        let scratch = Scratch::new("postgres");
        let owner = Owner::of_servers();
        owner.take(scratch.path());
        let folder = scratch.path().join("data");
        let mut init = owner.command(initdb);
        init.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        let made = init.arg("--pgdata").arg(&folder).output().expect("initdb is run");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let [address] = free_addresses();
        let mut server = owner.command(&initdb.with_file_name("postgres"));
        let server = server.args(settings(address)).arg("-D").arg(folder).process_group(0);
        let mut leader = server.stderr(Stdio::piped()).spawn().expect("PostgreSQL is run");
        let log = leader.stderr.take().expect("it is piped");
        let started =
            Self { address, _undertaker: Undertaker::of(leader, scratch.path()), _scratch: scratch };
        is_ready(log).then_some(started)
    }
}

/// Where the programs of the server are: in no `PATH` on Debian, in a folder for each version.
fn installed() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).collect()
}

fn settings(address: SocketAddr) -> Vec<String> {
    let (host, port) = (address.ip().to_string(), address.port().to_string());
    let settings = ["-F", "-h", &host, "-p", &port, "-c", "unix_socket_directories=", "-c", "autovacuum=off"];
    // Statements are seen whole by whoever looks for what comes after them.
    settings.into_iter().chain(["-c", "track_activity_query_size=1MB"]).map(str::to_owned).collect()
}

/// Waits until it says that it is ready. `false` when it ends before.
fn is_ready(log: ChildStderr) -> bool {
    let mut log = BufReader::new(log);
    let is_said = |line: String| line.contains("database system is ready to accept connections");
    let is_ready = log.by_ref().lines().map_while(Result::ok).any(is_said);
    if is_ready {
        // A pipe that nobody reads would hold up the server.
        let drain = move || io::copy(&mut log, &mut io::sink());
        thread::Builder::new().name("postgres-log".to_owned()).spawn(drain).expect("a thread");
    }
    is_ready
}

/// Who runs the server: PostgreSQL does not run as root.
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn of_servers() -> Self {
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if !is_root {
            return Self(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let ids = |name: &str| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        };
        Self(Some(ids("postgres").or_else(|| ids("nobody")).expect("a user other than root")))
    }

    /// Lets the owner have the folder.
    fn take(&self, folder: &Path) {
        if let Some((user, group)) = self.0 {
            chown(folder, Some(user), Some(group)).expect("root may give folders away");
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).stdout(Stdio::null()).current_dir("/");
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }
}
