//! Reads the log of one thread, chunk after chunk.

use std::sync::Arc;

use super::assemble::{Assembler, Ended};
use super::chain::Chain;
use super::chunk::Chunk;
use super::decode::Words;
use super::record::{Header, Kind};
use super::shared::{POOL, Shared};
use super::sync::{AtomicU64, Ordering};

/// Reads the log of one thread.
pub(super) struct Reader {
    chain: Chain<'static>,
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
    pub(super) fn new(first: &'static Chunk) -> Self {
        Self { chain: Chain::new(first), trace: Trace::default() }
    }

    /// Reads all that is published. `false` when the log has ended.
    pub(super) fn read(&mut self, shared: &Shared, assembler: &mut Assembler) -> bool {
        let trace = &mut self.trace;
        self.chain.read(&POOL, &shared.budget, |words| trace.records(words, shared, assembler))
    }

    /// The worker stops: reads what is published, and leaves the log to its thread.
    pub(super) fn leave(mut self, shared: &Shared, assembler: &mut Assembler) {
        let trace = &mut self.trace;
        self.chain.leave(&POOL, &shared.budget, |words| trace.records(words, shared, assembler));
    }
}

impl Trace {
    /// Reads whole records, which may begin other traces.
    fn records(&mut self, mut words: &[AtomicU64], shared: &Shared, assembler: &mut Assembler) {
        // What was put aside was put there before the words that follow it were published.
        assembler.take_aside(shared);
        while let Some(first) = words.first() {
            let header = Header(first.load(Ordering::Relaxed));
            let Some((record, rest)) = words.split_at_checked(header.words().max(1)) else {
                debug_assert!(false, "a record that is cut off");
                return;
            };
            self.record(header, Words::new(&record[1..]), assembler);
            words = rest;
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
                self,
            ),
            Some(Kind::Trace) => {
                *self = Trace { id: words.wide(), flags: header.flags(), state: None };
            }
            Some(Kind::TraceState) => self.state = words.text().map(Into::into),
            Some(Kind::Attributes) => assembler.attributes(header.callsite(), words),
            Some(Kind::Event) => assembler.event(words),
            Some(Kind::Link) => assembler.link(header.flags(), words),
            Some(Kind::Times) => assembler.times(words),
            None => debug_assert!(false, "a record of no known kind"),
        }
    }
}
