//! Servers that tests talk to: their own programs, as they are installed, on free ports of the loopback address, with
//! their data in a folder that goes away with them.
//!
//! A server that is not installed is said to be missing, and what needs it is skipped; with `THROUGHLINE_REQUIRE_SERVERS=1`
//! that is a failure.

mod postgres;
mod rabbitmq;
mod redis;
mod scratch;
mod undertaker;

pub use postgres::Postgres;
pub use rabbitmq::RabbitMq;
pub use redis::Redis;
pub use scratch::Scratch;

use std::env;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

/// Says what is missing, and how to get it. Under `THROUGHLINE_REQUIRE_SERVERS=1` nothing may be.
///
/// # Panics
///
/// Where servers are required.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
pub fn skip(why: &str) {
    let required = env::var("THROUGHLINE_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(!required, "{why}");
    eprintln!("skipped: {why}");
}

/// Where the program `name` is: in `PATH`, or in one of `folders`, which `PATH` often lacks.
pub fn program<P: AsRef<Path>>(name: &str, folders: impl IntoIterator<Item = P>) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = folders.into_iter().map(|folder| folder.as_ref().to_owned());
    env::split_paths(&path).chain(folders).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// As many addresses of the loopback interface as are asked for, all different, that are free now. They may be another's
/// when a server takes them: it ends then, and is started again with others.
///
/// # Panics
///
/// When the machine has none.
pub fn free_addresses<const COUNT: usize>() -> [SocketAddr; COUNT] {
    let listeners = [0; COUNT].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("an address"))
}
