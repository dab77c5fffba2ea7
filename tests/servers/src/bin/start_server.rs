//! A program that starts the server that its argument names, writes where it is, and holds it until it is killed, or
//! its standard input ends.

use std::io::Write;
use std::net::SocketAddr;
use std::{env, io};

use throughline_test_servers::{Postgres, RabbitMq, Redis};

fn main() {
    match env::args().nth(1).as_deref() {
        Some("postgres") => hold(Postgres::start(), Postgres::address),
        Some("rabbitmq") => hold(RabbitMq::start(), RabbitMq::address),
        Some("redis") => hold(Redis::start(), Redis::address),
        other => panic!("no server is {other:?}"),
    }
}

fn hold<S>(server: Option<S>, address: fn(&S) -> SocketAddr) {
    let Some(server) = server else { return };
    writeln!(io::stdout(), "{}", address(&server)).expect("somebody reads it");
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}
