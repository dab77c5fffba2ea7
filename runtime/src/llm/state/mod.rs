//! What is known of one model call while it runs.

mod attempts;
mod used;

use crate::context::key::Key;
use crate::llm::Usage;
use crate::llm::content::{Output, Said, Unwritten};
use crate::llm::moment::Moment;
use crate::llm::observed::{Observed, Text, cut};
use crate::llm::totals::{self, Totals};
use crate::llm::write;
pub(super) use attempts::BadEnd;

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
    /// Streams that the function observes.
    pub(super) streams: u32,
    /// The chunks that the function reads itself.
    pub(super) read_inside: u64,
    /// A stream of it was read: what comes next is another one.
    is_over: bool,
    pub(super) provider: Text,
    pub(super) request_model: Text,
    /// The tier that the program says the provider bills it by.
    pub(super) tier: Text,
    /// When the request was made: when the span or its last attempt began.
    pub(super) asked: Option<Moment>,
    pub(super) chunks: u64,
    pub(super) first_chunk: Option<Moment>,
    /// The first chunk in which the model says something.
    pub(super) first_content: Option<Moment>,
    pub(super) last_chunk: Option<Moment>,
    pub(super) attempts: u64,
    /// Why those attempts failed that did.
    pub(super) attempt_errors: Vec<Text>,
    last_attempt_ended: Option<Moment>,
    /// How a stream ended in the attempt that is under way, for when that is content with it.
    unsettled: Option<BadEnd>,
    /// The response, or what came of it.
    pub(super) seen: Observed,
    /// What the model answered, where that is asked for.
    output: Option<Box<Output>>,
    /// What of it is to be written next, when nothing is locked.
    pub(super) unwritten: Option<Box<Unwritten>>,
    /// How much the model said in it, in bytes.
    content: u64,
    /// What it may have used, for when it does not say.
    estimate: Option<Usage>,
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
            read_inside: 0,
            is_over: false,
            provider: Text::new(),
            request_model: Text::new(),
            tier: Text::new(),
            asked: None,
            chunks: 0,
            first_chunk: None,
            first_content: None,
            last_chunk: None,
            attempts: 0,
            attempt_errors: Vec::new(),
            last_attempt_ended: None,
            unsettled: None,
            seen: Observed::default(),
            output: None,
            unwritten: None,
            content: 0,
            estimate: None,
            earlier: Totals::default(),
            counted: Totals::default(),
        }
    }

    /// Of a span that is a model call.
    pub(super) fn of_call(key: Key, provider: &str, request_model: &str) -> Self {
        let now = Moment::now(&key);
        totals::expect(&key, now);
        Self {
            is_expected: true,
            is_guarded: true,
            provider: cut(provider),
            request_model: cut(request_model),
            asked: Some(now),
            ..Self::of_span(key)
        }
    }

    /// Of one more stream of the same call.
    pub(super) fn of_another_stream(&self) -> Self {
        Self {
            is_guarded: true,
            origin: self.origin,
            provider: self.provider,
            request_model: self.request_model,
            asked: self.asked,
            estimate: self.estimate,
            ..Self::of_span(self.key)
        }
    }

    /// Takes a whole response from the body of a function. Without IDs, two of the same size are two.
    pub(super) fn recorded(&mut self, seen: Observed) {
        if self.chunks == 0 && self.seen.has_no_id_like(&seen) {
            self.next_response();
        }
        self.response(seen);
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
        self.content = self.content.max(seen.content);
        self.seen.merge(&seen);
        self.write_unguarded(true);
    }

    /// Takes a chunk of a stream.
    pub(super) fn chunk(&mut self, seen: &Observed, now: Moment) {
        if self.begins_another(seen) {
            self.next_response();
        }
        self.chunks += 1;
        self.first_chunk.get_or_insert(now);
        self.last_chunk = Some(now);
        if let Some(said) = &seen.said {
            self.output.get_or_insert_default().chunk(said);
        }
        if seen.has_content() {
            self.first_content.get_or_insert(now);
        }
        self.content += seen.content;
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

    /// The function reads a chunk itself. What it returned before, if it says nothing of a response, is text of its own.
    pub(super) fn count_read_inside(&mut self) {
        if self.read_inside == 0 && self.seen.is_empty() {
            self.forget_chunks();
        }
        self.read_inside += 1;
    }

    /// Takes what a response may have used.
    pub(super) fn estimate(&mut self, usage: Usage) {
        self.estimate = Some(usage);
    }

    /// A stream of the call is over, which said what it had to say here, or in a span of its own.
    pub(super) fn stream_ends(&mut self, in_own_span: bool) {
        self.streams = self.streams.saturating_sub(1);
        self.is_over = true;
        if !self.is_guarded || in_own_span {
            self.write();
        } else if self.is_closed && self.streams == 0 {
            self.count();
        }
    }

    /// Takes over what became of [another stream](Self::of_another_stream).
    pub(super) fn add_stream(&mut self, other: &Self) {
        if other.chunks == 0 {
            return;
        }
        self.earlier.add(&other.totals());
        self.chunks += other.chunks;
        self.last_chunk = other.last_chunk;
        self.first_chunk = self.first_chunk.or(other.first_chunk);
        self.first_content = self.first_content.or(other.first_content);
        self.write_unguarded(true);
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
        self.attempt_errors.clear();
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

    /// Whether a chunk is the first of another response: by its ID, else because the stream before it is over.
    #[inline]
    fn begins_another(&mut self, seen: &Observed) -> bool {
        let is_over = self.is_over && self.is_after_another(seen);
        is_over || self.seen.is_other_id(seen)
    }

    #[cold]
    fn is_after_another(&mut self, seen: &Observed) -> bool {
        self.is_over = false;
        !self.seen.is_empty() && (self.seen.id.is_empty() || seen.id.is_empty())
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
        self.content = 0;
    }
}
