//! Tests that are killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use throughline_test_servers::Scratch;

/// Kills a process that holds a server, and waits until nothing of it is left: its shell works on after the process.
fn check(server: &str) {
    let folder = Scratch::new("killed");
    let is_empty = || fs::read_dir(folder.path()).unwrap().next().is_none();
    let mut holder = Command::new(env!("CARGO_BIN_EXE_start_server"))
        .arg(server)
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
    if said.is_empty() {
        assert!(holder.wait().unwrap().success(), "it is skipped where it is not installed");
        return;
    }
    let address: SocketAddr = said.trim().parse().unwrap();
    TcpStream::connect(address).unwrap();
    assert!(!is_empty(), "its data are in the folder for temporary files");
    holder.kill().unwrap();
    holder.wait().unwrap();
    for _ in 0..3_000 {
        if is_empty() && TcpStream::connect(address).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("of {server} at {address}, this is left: {:?}", fs::read_dir(folder.path()).unwrap());
}

#[test]
fn nothing_of_postgres_stays_when_the_test_is_killed() {
    check("postgres");
}

#[test]
fn nothing_of_rabbitmq_stays_when_the_test_is_killed() {
    check("rabbitmq");
}

#[test]
fn nothing_of_redis_stays_when_the_test_is_killed() {
    check("redis");
}
