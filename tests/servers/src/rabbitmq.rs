//! RabbitMQ.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;
use std::{env, fs, thread};

use crate::undertaker::Undertaker;
use crate::{Scratch, free_addresses, program, skip};

/// A broker of its own, with the user `guest`, until it is dropped or this process ends, however it does.
#[derive(Debug)]
pub struct RabbitMq {
    address: SocketAddr,
    undertaker: Undertaker,
    scratch: Scratch,
}

/// Where the programs are.
struct Programs {
    broker: PathBuf,
    /// Where Erlang's nodes look each other up.
    names: PathBuf,
}

impl RabbitMq {
    /// Starts one. `None` when it is not installed, which is said.
    ///
    /// # Panics
    ///
    /// When it does not start, and where servers are required.
    pub fn start() -> Option<Self> {
        let Some(programs) = Programs::find() else {
            skip("no RabbitMQ: `apt-get install rabbitmq-server`");
            return None;
        };
        let started = (0..5).find_map(|_| Self::run(&programs));
        Some(started.expect("RabbitMQ starts"))
    }

    /// The one that the tests of this process share, which starts with the first of them.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn shared() -> Option<&'static Self> {
        static SHARED: LazyLock<Option<RabbitMq>> = LazyLock::new(RabbitMq::start);
        let shared = SHARED.as_ref();
        if shared.is_none() {
            skip("no RabbitMQ");
        }
        shared
    }

    /// Where it is, for clients.
    pub fn uri(&self) -> String {
        format!("amqp://guest:guest@{}/%2f", self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has written so far.
    ///
    /// # Panics
    ///
    /// When that cannot be read.
    pub fn log(&self) -> String {
        fs::read_to_string(self.scratch.path().join("output")).expect("its log")
    }

    /// `None` when it ends before it answers: a port was another's.
    fn run(programs: &Programs) -> Option<Self> {
        let scratch = Scratch::new("rabbitmq");
        let [address, peers, names_address] = free_addresses();
        let environment = Environment { folder: scratch.path(), address, peers, names: names_address };
        environment.write_files();
        let names = environment.command(&programs.names).process_group(0).spawn().expect("epmd is run");
        let group = names.id();
        let undertaker = Undertaker::of(names, scratch.path());
        wait_until(|| TcpStream::connect(names_address).is_ok());
        let mut broker = environment.command(&programs.broker);
        let broker = broker.process_group(group.cast_signed()).spawn().expect("rabbitmq-server is run");
        let mut started = Self { address, undertaker, scratch };
        started.undertaker.also_of(broker);
        started.is_ready().then_some(started)
    }

    /// Waits until it speaks AMQP. `false` when it has ended.
    fn is_ready(&mut self) -> bool {
        let mut has_ended = false;
        wait_until(|| {
            has_ended = self.undertaker.has_work();
            has_ended || speaks_amqp(self.address).unwrap_or(false)
        });
        !has_ended
    }
}

impl Programs {
    /// The broker's own script before the wrapper of Debian in `PATH`, which has a user and folders of its own.
    fn find() -> Option<Self> {
        let own = PathBuf::from("/usr/lib/rabbitmq/bin/rabbitmq-server");
        let broker = if own.is_file() { own } else { program("rabbitmq-server", ["/usr/sbin"])? };
        Some(Self { broker, names: program("epmd", ["/usr/lib/erlang/bin"])? })
    }
}

/// What the programs are told.
struct Environment<'a> {
    folder: &'a Path,
    address: SocketAddr,
    /// Where other nodes would find it.
    peers: SocketAddr,
    names: SocketAddr,
}

impl Environment<'_> {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write_files(&self) {
        fs::write(self.file("plugins"), "[].").expect("a file");
        fs::write(self.file("rabbitmq.conf"), "disk_free_limit.absolute = 1MB\n").expect("a file");
    }

    fn command(&self, program: &Path) -> Command {
        let log = fs::File::options().create(true).append(true).open(self.file("output")).expect("a file");
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", self.folder)
            .env("RABBITMQ_NODENAME", "throughline@localhost")
            .env("RABBITMQ_NODE_IP_ADDRESS", self.address.ip().to_string())
            .env("RABBITMQ_NODE_PORT", self.address.port().to_string())
            .env("RABBITMQ_DIST_PORT", self.peers.port().to_string())
            .env("ERL_EPMD_ADDRESS", self.names.ip().to_string())
            .env("ERL_EPMD_PORT", self.names.port().to_string())
            // The names' program is one that we stop.
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-start_epmd false +sbwt none")
            .env("RABBITMQ_CONF_ENV_FILE", self.file("none"))
            .env("RABBITMQ_CONFIG_FILE", self.file("rabbitmq.conf"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", self.file("plugins"))
            .env("RABBITMQ_MNESIA_BASE", self.file("data"))
            .env("RABBITMQ_LOG_BASE", self.file("log"))
            .env("RABBITMQ_LOGS", "-")
            .current_dir(self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log);
        command
    }
}

/// Whether the frame of a method answers the header of the protocol.
fn speaks_amqp(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"AMQP\x00\x00\x09\x01")?;
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok(kind == [1])
}

/// Another process cannot tell us in any other way that it listens.
fn wait_until(mut is_so: impl FnMut() -> bool) {
    let mut tries = 0;
    while !is_so() {
        assert!(tries < 10_000, "RabbitMQ does not answer");
        thread::sleep(Duration::from_millis(20));
        tries += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_broker_stays_when_it_is_dropped() {
        let Some(broker) = RabbitMq::start() else { return };
        let (address, folder) = (broker.address(), broker.scratch.path().to_owned());
        assert!(folder.exists());
        // Said after it listens.
        wait_until(|| broker.log().contains("0 plugins"));
        drop(broker);
        // It is killed, which the system does in its own time.
        wait_until(|| TcpStream::connect(address).is_err());
        wait_until(|| !folder.exists());
    }
}
