//! The thread that sends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::OtlpConfig;
use super::backoff::Backoff;
use super::losses::{Loss, Losses};
use super::queue::{Batch, Next, Pause, Queue};
use super::reply::{Failure, Reply};
use super::transport::Transport;

/// Takes batches from the queue and sees each through: sent, or lost and counted.
pub(super) struct Sender {
    pub(super) queue: Arc<Queue>,
    pub(super) losses: Arc<Losses>,
    pub(super) transport: Transport,
    pub(super) config: OtlpConfig,
}

/// Why a batch is lost.
struct Lost(Loss);

impl Sender {
    /// Sends until the queue is closed.
    pub(super) fn run(self) {
        crate::context::current::suppress();
        loop {
            match self.queue.next(self.config.schedule_delay) {
                Next::Batch(batch) => {
                    self.settle(&batch);
                    self.queue.done(batch);
                }
                Next::Nothing => {}
                Next::Closed => return,
            }
            self.losses.say_if_due();
        }
    }

    fn settle(&self, batch: &Batch) {
        // A panic in a dependency costs one batch, not the thread.
        let settled = catch_unwind(AssertUnwindSafe(|| self.deliver(batch)));
        if let Err(Lost(loss)) = settled.unwrap_or(Err(Lost(Loss::Undelivered))) {
            self.losses.lost(loss, batch.items);
        }
    }

    fn deliver(&self, batch: &Batch) -> Result<(), Lost> {
        let body = self.transport.pack(&batch.body).map_err(|error| {
            self.losses.note(&error.to_string(), "");
            Lost(Loss::Undelivered)
        })?;
        let mut backoff = Backoff::new(&self.config);
        loop {
            match self.transport.send(&body, batch.items) {
                Reply::Taken { rejected, message } => {
                    self.taken(batch.items, rejected, &message);
                    return Ok(());
                }
                Reply::Never(failure) => {
                    self.losses.note(&failure.reason, failure.advice);
                    if failure.unwanted {
                        self.queue.unwanted();
                    }
                    return Err(Lost(Loss::Refused));
                }
                Reply::Later(failure) => self.wait(&mut backoff, &failure)?,
            }
        }
    }

    fn taken(&self, items: usize, rejected: usize, message: &str) {
        self.losses.exported(items - rejected);
        if rejected > 0 {
            self.losses.note(message, "see what the receiver accepts");
            self.losses.lost(Loss::Rejected, rejected);
        } else if !message.is_empty() {
            self.losses.warn(message);
        }
    }

    /// Waits for the next try.
    fn wait(&self, backoff: &mut Backoff, failure: &Failure) -> Result<(), Lost> {
        if self.queue.is_closed() {
            // The request was broken off: what went wrong before it is the better reason.
            return Err(Lost(Loss::Ended));
        }
        self.losses.note(&failure.reason, failure.advice);
        let Some(wait) = backoff.wait(failure.retry_after) else { return Err(Lost(Loss::Undelivered)) };
        if failure.unreachable {
            self.queue.unreachable();
        }
        match self.queue.pause(wait, failure.retry_after.is_some_and(|asked| asked > Duration::ZERO)) {
            Pause::Over => Ok(()),
            Pause::Closed => Err(Lost(Loss::Ended)),
        }
    }
}
