//! What is known of one model call while it runs.

use crate::context::key::Key;
use crate::llm::content::{Output, Said, Unwritten};
use crate::llm::moment::Moment;
use crate::llm::observed::{Observed, Text, cut};
use crate::llm::prices::{self, Bill};
use crate::llm::totals::{self, Totals};
use crate::llm::write;
use crate::span::current;

/// What is known of one model call while it runs.
#[derive(Debug)]
pub(crate) struct State {
    /// The span it is written on.
    pub(super) key: Key,
    /// The span it began on, whose local root has the totals.
    origin: Key,
    /// The totals wait for the end.
    is_expected: bool,
    /// Somebody writes what is known when the span ends; otherwise it is written as it becomes known.
    pub(super) is_guarded: bool,
    /// The span has ended.
    pub(super) is_closed: bool,
    /// Streams that are read by an adapter.
    pub(super) streams: u32,
    pub(super) provider: Text,
    pub(super) request_model: Text,
    /// When the request was made: when the span or its last attempt began.
    pub(super) asked: Option<Moment>,
    pub(super) chunks: u64,
    pub(super) first_chunk: Option<Moment>,
    pub(super) last_chunk: Option<Moment>,
    pub(super) attempts: u64,
    pub(super) last_attempt_ended: Option<Moment>,
    /// The response, or what came of it.
    pub(super) seen: Observed,
    /// What the model answered, where that is asked for.
    output: Option<Box<Output>>,
    /// What of it is to be written next, when nothing is locked.
    pub(super) unwritten: Option<Box<Unwritten>>,
    /// What earlier responses of the same span used.
    earlier: Totals,
    /// What of it was added to the totals.
    counted: Totals,
}

impl State {
    /// Of a span that nobody said is a model call.
    pub(super) fn of_span(key: Key) -> Self {
        Self {
            key,
            origin: key,
            is_expected: false,
            is_guarded: false,
            is_closed: false,
            streams: 0,
            provider: Text::new(),
            request_model: Text::new(),
            asked: None,
            chunks: 0,
            first_chunk: None,
            last_chunk: None,
            attempts: 0,
            last_attempt_ended: None,
            seen: Observed::default(),
            output: None,
            unwritten: None,
            earlier: Totals::default(),
            counted: Totals::default(),
        }
    }

    /// Of a span that is a model call.
    pub(super) fn of_call(key: Key, provider: &str, request_model: &str) -> Self {
        totals::expect(&key);
        Self {
            is_expected: true,
            is_guarded: true,
            provider: cut(provider),
            request_model: cut(request_model),
            asked: Some(Moment::now(&key)),
            ..Self::of_span(key)
        }
    }

    /// Takes a whole response. The same one may come twice, from the body of a function and from what it returns.
    pub(super) fn response(&mut self, seen: Observed) {
        if !self.seen.is_same_response(&seen) {
            if !seen.has_usage() && self.seen.has_usage() {
                // What a function makes of a response, with an ID of its own.
                return;
            }
            self.next_response();
        }
        if let Some(said) = &seen.said {
            self.output.get_or_insert_default().response(said);
        }
        self.seen.merge(&seen);
        self.write_unguarded(true);
    }

    /// Takes a chunk of a stream.
    pub(super) fn chunk(&mut self, seen: &Observed, now: Moment) {
        if self.seen.is_other_id(seen) {
            self.next_response();
        }
        self.chunks += 1;
        self.first_chunk.get_or_insert(now);
        self.last_chunk = Some(now);
        if let Some(said) = &seen.said {
            self.output.get_or_insert_default().chunk(said);
        }
        self.seen.merge(seen);
        let finishes = !seen.finish_reasons.is_empty();
        self.write_unguarded(finishes || seen.has_usage() && !self.seen.finish_reasons.is_empty());
    }

    /// Takes an answer of which nothing else is known.
    pub(super) fn said(&mut self, said: &Said) {
        self.output.get_or_insert_default().response(said);
        if !self.is_guarded {
            self.put_output_out();
        }
    }

    /// The stream broke off with an error.
    pub(super) fn broke(&mut self, error_type: &str, message: &str) {
        self.seen.add_finish_reason("error");
        current::fail_on(&self.key, error_type, message);
    }

    /// The span ends. Where a stream of it goes on, that has the rest in a span of its own.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
        if self.streams == 0 {
            self.write();
        } else {
            write::attempts_on(self);
        }
    }

    /// Goes on in the span of `key`, for the one before has ended.
    pub(super) fn continue_on(&mut self, key: Key) {
        self.key = key;
        self.attempts = 0;
    }

    /// Writes all that is known on the span, and adds it to the totals.
    pub(super) fn write(&mut self) {
        let totals = self.totals();
        write::on(self, &totals);
        self.put_output_out();
        self.add_to_totals(totals);
    }

    /// Has what was answered written once nothing is locked.
    fn put_output_out(&mut self) {
        let Some(output) = self.output.as_mut().filter(|output| output.is_news) else { return };
        output.is_news = false;
        self.unwritten = Some(Box::new(Unwritten {
            key: self.key,
            output: Output::clone(output),
            reasons: self.seen.finish_reasons.clone(),
        }));
    }

    /// Adds what is known to the totals of the local root, without writing it.
    pub(super) fn count(&mut self) {
        let totals = self.totals();
        self.add_to_totals(totals);
    }

    fn add_to_totals(&mut self, totals: Totals) {
        let amounts = totals.since(&self.counted);
        self.counted = totals;
        if std::mem::take(&mut self.is_expected) {
            totals::add_last(&self.origin, &amounts);
        } else {
            totals::add(&self.origin, &amounts);
        }
    }

    fn write_unguarded(&mut self, is_worth_it: bool) {
        if is_worth_it && !self.is_guarded {
            self.write();
        }
    }

    /// What follows belongs to another response of the same span: an agent asks again.
    fn next_response(&mut self) {
        self.earlier = self.totals();
        if let Some(output) = &mut self.output {
            output.next(&self.seen.finish_reasons);
        }
        self.seen = Observed::default();
    }

    /// What the span used so far, this response included.
    fn totals(&self) -> Totals {
        let mut totals = self.earlier;
        if totals.calls == 0 || !self.seen.is_empty() {
            let usage = self.seen.usage();
            let cost = self.cost();
            totals.add(&Totals {
                calls: 1,
                usage: usage.unwrap_or_default(),
                cost: cost.unwrap_or_default(),
                // Where nothing was answered, nothing is to be paid.
                unpriced: u64::from(cost.is_none() && !self.seen.is_empty()),
            });
        }
        totals
    }

    /// What this response costs: as the provider says, else by the price list.
    fn cost(&self) -> Option<f64> {
        self.seen.cost.or_else(|| {
            prices::cost(&Bill {
                provider: &self.provider,
                response_model: &self.seen.model,
                request_model: &self.request_model,
                service_tier: &self.seen.service_tier,
                usage: self.seen.usage()?,
            })
        })
    }
}
