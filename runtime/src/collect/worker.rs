//! The one thread that drains the logs of a pipeline.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::assemble::Assembler;
use super::flushes::Request;
use super::reader::Reader;
use super::shared::Shared;

/// How long the worker rests after a scan that found something.
const BUSY: Duration = Duration::from_millis(5);
/// The longest it rests.
const IDLE: Duration = Duration::from_secs(1);

pub(super) struct Worker {
    shared: Arc<Shared>,
    assembler: Assembler,
    readers: Vec<Reader>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, assembler: Assembler) -> Self {
        Self { shared, assembler, readers: Vec::new() }
    }

    /// Drains until the pipeline is closed.
    pub(super) fn run(mut self) {
        crate::context::current::suppress();
        let mut rest = BUSY;
        loop {
            // Read before the scan: what was finished before a flush was asked for is then found by it.
            let flush = self.shared.flushes.open();
            let closed = self.shared.closed.load(Ordering::Acquire);
            let found = self.scan();
            if let Some(flush) = flush {
                self.flush(flush);
            } else if closed {
                return self.finish();
            } else {
                rest = if found || self.assembler.is_waiting() { BUSY } else { (rest * 2).min(IDLE) };
                std::thread::park_timeout(rest);
            }
        }
    }

    /// Reads all logs once. Whether there was anything.
    fn scan(&mut self) -> bool {
        let before = self.shared.counters.spans.get();
        self.assembler.time.renew();
        self.readers.extend(self.shared.take_fresh().map(Reader::new));
        let (shared, assembler) = (&self.shared, &mut self.assembler);
        self.readers.retain_mut(|reader| reader.read(shared, assembler));
        self.assembler.end_of_scan();
        self.assembler.sinks.pass();
        self.shared.counters.spans.get() != before
    }

    fn flush(&mut self, request: Request) {
        // Ends that wait for what other threads wrote go out with the scan after theirs.
        if self.assembler.is_waiting() {
            self.scan();
        }
        let succeeded = self.assembler.sinks.flush(request.timeout);
        self.shared.flushes.answer(request, succeeded);
    }

    fn finish(mut self) {
        for reader in std::mem::take(&mut self.readers) {
            reader.leave(&self.shared, &mut self.assembler);
        }
        self.assembler.end_of_scan();
        self.assembler.end_of_scan();
        self.assembler.sinks.pass();
        self.assembler.count_left_over();
        if let Some(request) = self.shared.flushes.open() {
            let succeeded = self.assembler.sinks.flush(request.timeout);
            self.shared.flushes.answer(request, succeeded);
        }
    }
}
