//! Redis.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::undertaker::Undertaker;
use crate::{Scratch, free_addresses, program, skip};

/// A server of its own, which keeps nothing, until it is dropped or this process ends, however it does.
#[derive(Debug)]
pub struct Redis {
    address: SocketAddr,
    _undertaker: Undertaker,
    scratch: Scratch,
}

impl Redis {
    /// Starts one. `None` when it is not installed, which is said.
    ///
    /// # Panics
    ///
    /// When it does not start, and where servers are required.
    pub fn start() -> Option<Self> {
        let Some(server) = program("redis-server", ["/usr/sbin"]) else {
            skip("no Redis: `apt-get install redis-server`");
            return None;
        };
        let started = (0..5).find_map(|_| Self::run(&server));
        Some(started.expect("Redis starts"))
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is, for clients.
    pub fn uri(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// `None` when it ends before it listens: the port was another's.
    fn run(server: &Path) -> Option<Self> {
        let [address] = free_addresses();
        let scratch = Scratch::new("redis");
        let leader = command(server, address, scratch.path()).process_group(0).spawn().expect("Redis is run");
        let undertaker = Undertaker::of(leader, scratch.path());
        let started = Self { address, _undertaker: undertaker, scratch };
        started.is_ready().then_some(started)
    }

    /// Waits until it says that it listens, or that it cannot. It has no other way to tell another process.
    fn is_ready(&self) -> bool {
        loop {
            let log = fs::read_to_string(log(self.scratch.path())).unwrap_or_default();
            if log.contains("Ready to accept connections") {
                return true;
            }
            if log.contains("Failed listening") {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

fn command(server: &Path, address: SocketAddr, folder: &Path) -> Command {
    let mut command = Command::new(server);
    command
        .args(["--bind", &address.ip().to_string(), "--port", &address.port().to_string()])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .arg("--dir")
        .arg(folder)
        .arg("--logfile")
        .arg(log(folder))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_answers_and_nothing_of_it_stays_when_it_is_dropped() {
        let Some(redis) = Redis::start() else { return };
        let (address, folder) = (redis.address, redis.scratch.path().to_owned());
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"PING\r\n").unwrap();
        let mut answer = [0; 7];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+PONG\r\n");
        drop(redis);
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }
}
