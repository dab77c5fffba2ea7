//! What is on its way to a receiver: a queue, and a thread that sends.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;

use super::OtlpConfig;
use super::losses::{Loss, Losses, Say};
use super::queue::{Batch, Limit, Queue};
use super::sender::Sender;
use super::transport::Transport;
use crate::stats::Counters;

/// Requests that wait, within bounds, and a thread of their own that compresses and sends them. Dropping it breaks off
/// the request under way and drops what waits.
pub(super) struct Outbox {
    pub(super) queue: Arc<Queue>,
    pub(super) losses: Arc<Losses>,
    /// Breaks off the request under way.
    breaker: Option<Box<dyn FnOnce() + Send>>,
    /// Hangs up when the sender's thread has ended.
    ended: Receiver<()>,
}

/// How long the sender may take to end after its request was broken off.
const LAST_WAIT: Duration = Duration::from_millis(300);

impl Outbox {
    /// Starts the sending thread. Fails when a certificate, key or proxy in `config` is malformed, or the system gives no
    /// thread.
    pub(super) fn start(config: OtlpConfig, counters: Arc<Counters>, say: Say) -> io::Result<Self> {
        let transport = Transport::new(&config)?;
        let losses = Arc::new(Losses::new(config.signal, config.shown_endpoint(), counters, say));
        let limit = Limit { bytes: config.queue_bytes, items: config.queue_spans };
        let queue = Arc::new(Queue::new(limit, config.batch_bytes));
        let breaker = Some(transport.breaker());
        let thread = thread::Builder::new().name(config.signal.thread().into());
        let sender = Sender { queue: Arc::clone(&queue), losses: Arc::clone(&losses), transport, config };
        let (alive, ended) = sync_channel(0);
        thread.spawn(move || {
            sender.run();
            drop(alive);
        })?;
        Ok(Self { queue, losses, breaker, ended })
    }

    /// Hands a batch to the sender. One that finds no room is lost.
    pub(super) fn push(&self, batch: Batch) {
        if let Err(batch) = self.queue.push(batch) {
            self.losses.lost(Loss::QueueFull, batch.items);
            self.queue.recycle(batch.body);
        }
    }

    /// Waits until everything is sent or given up, at most `timeout`. Does not wait for a receiver that cannot be reached:
    /// what is for it is kept, and tried again. Whether nothing was lost, `lost` being what was lost before.
    pub(super) fn settle(&self, timeout: Duration, lost: u64) -> bool {
        self.queue.settle(timeout) && self.losses.count() == lost
    }

    /// Nothing is sent any more: what waits is lost, and so is what was not handed over yet.
    pub(super) fn close(&self, not_handed_over: usize) {
        self.queue.close(|waited| self.losses.lost(Loss::Ended, waited + not_handed_over));
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.close(0);
        if let Some(breaker) = self.breaker.take() {
            breaker();
        }
        // Nothing is ever sent: an error other than "timeout" means that the thread has ended.
        let _ = self.ended.recv_timeout(LAST_WAIT);
        self.losses.say_rest();
    }
}
