//! What a process of the shop can be.

mod auth;
mod catalog;
mod clients;
mod gateway;
mod grpc;
mod notifier;
pub mod settings;
mod worker;

use std::fmt::{self, Display};
use std::io::stdin;
use std::net::SocketAddr;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What a process of the shop can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes orders over HTTP.
    Gateway,
    /// Knows who a token belongs to.
    Auth,
    /// Knows what there is, and what it costs.
    Catalog,
    /// Takes jobs out of the queue.
    Worker,
    /// Tells customers what became of their orders.
    Notifier,
}

const ROLES: [(Role, &str); 5] = [
    (Role::Gateway, "gateway"),
    (Role::Auth, "auth"),
    (Role::Catalog, "catalog"),
    (Role::Worker, "worker"),
    (Role::Notifier, "notifier"),
];

impl Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = ROLES.iter().find(|(role, _)| role == self).map(|(_, name)| *name);
        f.write_str(name.unwrap_or_default())
    }
}

impl FromStr for Role {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let Some((role, _)) = ROLES.iter().find(|(_, name)| *name == text) else {
            bail!("no role is called {text}")
        };
        Ok(*role)
    }
}

/// Is a process of the shop, until the input ends.
///
/// # Errors
///
/// When it cannot listen, or what it asks is not there.
pub async fn play(role: Role) -> anyhow::Result<()> {
    let _guard = throughline::builder().service_name(&role.to_string()).init();
    let stop = Stop::with_input()?;
    match role {
        Role::Gateway => gateway::run(stop).await,
        Role::Auth => auth::run(stop).await,
        Role::Catalog => catalog::run(stop).await,
        Role::Worker => worker::run(stop).await,
        Role::Notifier => notifier::run(stop).await,
    }
}

/// When to end.
#[derive(Clone, Debug)]
struct Stop(watch::Receiver<()>);

impl Stop {
    /// The end of the input is the end of the process; each line of it asks for the spans to be sent.
    fn with_input() -> std::io::Result<Self> {
        let (running, stop) = watch::channel(());
        // Not by tokio, whose runtime waits for the input when it ends: a process that failed would stay.
        thread::Builder::new().name("input".to_owned()).spawn(move || {
            for _ in stdin().lines().map_while(Result::ok) {
                throughline::flush(Duration::from_secs(10));
                tracing::info!("flushed");
            }
            drop(running);
        })?;
        Ok(Self(stop))
    }

    /// Done when it is time to end.
    async fn requested(mut self) {
        let _ = self.0.wait_for(|()| false).await;
    }
}

/// Takes a free port, and says so when it is served.
async fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("no port is free")?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
