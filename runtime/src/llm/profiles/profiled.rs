//! The sink in front of a sink.

use std::time::Duration;

use super::Profile;
use super::additions::Additions;
use super::facts::Facts;
use super::step::Step;
use crate::span::{AttributesBuf, Sink, SpanView};

/// A sink that gets spans with the keys of profiles besides their own.
///
/// What a span has already stays as it is. What a profile adds does not count towards the limit of attributes; texts are
/// cut like those of other attributes.
#[derive(Debug)]
pub struct Profiled<S> {
    sink: S,
    profiles: Vec<Profile>,
    longest: usize,
    /// The attributes of one span after the other.
    attributes: AttributesBuf,
}

impl<S: Sink> Profiled<S> {
    /// Hands spans on to `sink` with the keys of `profiles`, whose texts are cut to `value_length` bytes.
    pub fn new(sink: S, profiles: impl IntoIterator<Item = Profile>, value_length: usize) -> Self {
        let profiles = profiles.into_iter().collect();
        Self { sink, profiles, longest: value_length, attributes: AttributesBuf::new() }
    }
}

impl<S: Sink> Sink for Profiled<S> {
    fn span(&mut self, span: &SpanView<'_>) {
        let facts = Facts::of(span);
        let Some(step) = Step::of(span, facts) else { return self.sink.span(span) };
        self.attributes.clear();
        self.attributes.extend(span.attributes);
        let mut additions = Additions::new(facts, self.longest, &mut self.attributes);
        self.profiles.iter().for_each(|profile| profile.translate(step, &mut additions));
        self.sink.span(&SpanView { attributes: self.attributes.view(), ..*span });
    }

    fn pass(&mut self) {
        self.sink.pass();
    }

    fn flush(&mut self, timeout: Duration) -> bool {
        self.sink.flush(timeout)
    }
}
