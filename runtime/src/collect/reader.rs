//! Reads the log of one thread, chunk after chunk.

use std::sync::Arc;

use super::assemble::{Assembler, Ended};
use super::chunk::{Chunk, Next};
use super::decode::Words;
use super::record::{Header, Kind};
use super::shared::{POOL, Shared};

/// Where the worker is in the log of one thread.
pub(super) struct Reader {
    chunk: &'static Chunk,
    read: usize,
    trace: Trace,
}

/// The trace that the records being read belong to.
#[derive(Clone, Default)]
pub(super) struct Trace {
    pub(super) id: u128,
    pub(super) flags: u8,
    pub(super) state: Option<Arc<str>>,
}

impl Reader {
    pub(super) fn new(chunk: &'static Chunk) -> Self {
        Self { chunk, read: 0, trace: Trace::default() }
    }

    /// Reads all that is published. `false` when the log has ended, and its last chunk is back in the pool.
    pub(super) fn read(&mut self, shared: &Shared, assembler: &mut Assembler) -> bool {
        loop {
            // In this order: what follows is linked after the last words were published.
            let next = self.chunk.next();
            let end = self.chunk.published();
            assembler.take_aside(shared);
            self.read_to(end, assembler);
            match next {
                Next::Open => return true,
                Next::Ended => {
                    POOL.release(&shared.budget, self.chunk);
                    return false;
                }
                Next::Chunk(index) => {
                    let Some(next) = POOL.get(index) else { return false };
                    POOL.release(&shared.budget, self.chunk);
                    self.chunk = next;
                    self.read = 0;
                }
            }
        }
    }

    /// The worker stops: a chunk that its thread still writes to becomes the thread's.
    pub(super) fn leave(mut self, shared: &Shared, assembler: &mut Assembler) {
        while !self.chunk.abandon() {
            if !self.read(shared, assembler) {
                return;
            }
        }
    }

    fn read_to(&mut self, end: usize, assembler: &mut Assembler) {
        while self.read < end {
            let mut words = Words::new(self.chunk.words().get(self.read..end).unwrap_or_default());
            let header = Header(words.word());
            let len = header.words();
            if len == 0 {
                debug_assert!(false, "a record without a length");
                self.read = end;
                return;
            }
            words.limit(len - 1);
            self.record(header, words, assembler);
            self.read += len;
        }
    }

    #[inline]
    fn record(&mut self, header: Header, mut words: Words<'_>, assembler: &mut Assembler) {
        match header.kind() {
            Some(Kind::Span) => assembler.span(
                Ended {
                    callsite: header.callsite(),
                    marks: header.marks(),
                    span: words.word(),
                    parent: words.word(),
                    start: words.word(),
                    end: words.word(),
                },
                &self.trace,
            ),
            Some(Kind::Trace) => {
                self.trace = Trace { id: words.wide(), flags: header.marks(), state: None };
            }
            Some(Kind::TraceState) => self.trace.state = words.text().map(Into::into),
            Some(Kind::Attributes) => assembler.attributes(header.callsite(), words),
            Some(Kind::Event) => assembler.event(words),
            Some(Kind::Link) => assembler.link(header.marks(), words),
            None => debug_assert!(false, "a record of no known kind"),
        }
    }
}
