//! A log line in JSON: ours with the IDs of its request, beside the formatter of `tracing-subscriber`, which has none.

use std::any::Any;
use std::io;

use throughline::logs::JsonLayer;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;

use super::repeat;
use crate::driver::{FEW, Scenario, nothing};
use crate::ours;

pub(super) fn ours() -> Scenario {
    let prepare = || -> Box<dyn Any> {
        log_to(tracing_subscriber::registry().with(JsonLayer::new().with_writer(io::sink)));
        ours::in_a_request()
    };
    Scenario { prepare, round, settle: nothing }
}

pub(super) fn peer() -> Scenario {
    let prepare = || -> Box<dyn Any> {
        let format = tracing_subscriber::fmt::layer().json().with_writer(io::sink);
        log_to(tracing_subscriber::registry().with(format));
        Box::new(())
    };
    Scenario { prepare, round, settle: nothing }
}

fn log_to(subscriber: impl Subscriber + Send + Sync) {
    tracing::subscriber::set_global_default(subscriber).expect("a process runs one case");
}

fn round() {
    repeat(FEW, |n| tracing::info!(order.items = n, user = "alice", "placed"));
}
