//! PostgreSQL.

use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{fs, thread};

use crate::{Scratch, free_addresses, program};

/// A PostgreSQL server with a new database `postgres`, whose user `postgres` needs no password. It stops when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    address: SocketAddr,
    // Goes after the server that works in it.
    _data: Scratch,
}

impl Postgres {
    /// Starts a server, or says that PostgreSQL is not installed.
    ///
    /// # Panics
    ///
    /// When it is installed and does not start.
    pub fn start() -> Option<Self> {
        let Some(initdb) = program("initdb", installed()) else {
            crate::skip(
                "PostgreSQL is not installed: `apt install postgresql`, or another package with `initdb`",
            );
            return None;
        };
        let data = Scratch::new("postgres");
        let owner = Owner::of_servers();
        owner.take(data.path());
        let folder = data.path().join("data");
        let mut init = owner.command(&initdb);
        init.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        let made = init.arg("--pgdata").arg(&folder).output().expect("initdb starts");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        // Another program may take the port before the server does.
        let started = (0..5).find_map(|_| serve(&owner, &initdb.with_file_name("postgres"), &folder));
        let (server, address) = started.expect("PostgreSQL starts");
        Some(Self { server, address, _data: data })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.address)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Where the programs of the server are: in no `PATH` on Debian, in a folder for each version.
fn installed() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).collect()
}

/// Starts the server and waits until it says that it is ready. `None` when it ends before.
fn serve(owner: &Owner, postgres: &Path, folder: &Path) -> Option<(Child, SocketAddr)> {
    let [address] = free_addresses();
    let mut command = owner.command(postgres);
    command.arg("-D").arg(folder).args(["-F", "-h", "127.0.0.1", "-p", &address.port().to_string()]);
    // Statements are seen whole by whoever looks for what comes after them.
    command.args([
        "-c",
        "unix_socket_directories=",
        "-c",
        "autovacuum=off",
        "-c",
        "track_activity_query_size=1MB",
    ]);
    let mut server = command.stderr(Stdio::piped()).spawn().expect("PostgreSQL starts");
    let mut log = BufReader::new(server.stderr.take().expect("it is piped"));
    let is_ready = said_that_it_is_ready(&mut log);
    if !is_ready {
        let _ = server.wait();
        return None;
    }
    // A pipe that nobody reads would hold up the server.
    let drain = move || io::copy(&mut log.by_ref(), &mut io::sink());
    thread::Builder::new().name("postgres-log".to_owned()).spawn(drain).expect("a thread");
    Some((server, address))
}

fn said_that_it_is_ready(log: &mut impl BufRead) -> bool {
    log.lines()
        .map_while(Result::ok)
        .any(|line| line.contains("database system is ready to accept connections"))
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
