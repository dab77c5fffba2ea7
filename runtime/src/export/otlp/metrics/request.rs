//! Metrics as the body of an OTLP request.

use super::Temporality;
use crate::export::otlp::Resource;
use crate::export::otlp::attributes::write_all;
use crate::export::otlp::envelope::{self, Envelope};
use crate::export::otlp::keys::Keys;
use crate::export::otlp::queue::Batch;
use crate::export::otlp::wire;
use crate::llm::metrics::{Exemplar, Histogram, Instrument, Metrics};
use crate::span::Attributes;

/// The fields of `Metric`.
mod metric {
    pub(super) const NAME: u8 = 1;
    pub(super) const DESCRIPTION: u8 = 2;
    pub(super) const UNIT: u8 = 3;
    pub(super) const HISTOGRAM: u8 = 9;
}

/// The fields of `Histogram`.
mod histogram {
    pub(super) const POINTS: u8 = 1;
    pub(super) const TEMPORALITY: u8 = 2;
}

/// The fields of `HistogramDataPoint`.
mod point {
    pub(super) const START: u8 = 2;
    pub(super) const TIME: u8 = 3;
    pub(super) const COUNT: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const BUCKETS: u8 = 6;
    pub(super) const BOUNDS: u8 = 7;
    pub(super) const EXEMPLARS: u8 = 8;
    pub(super) const ATTRIBUTES: u8 = 9;
    pub(super) const MIN: u8 = 11;
    pub(super) const MAX: u8 = 12;
}

/// The fields of `Exemplar`.
mod exemplar {
    pub(super) const TIME: u8 = 2;
    pub(super) const VALUE: u8 = 3;
    pub(super) const SPAN_ID: u8 = 4;
    pub(super) const TRACE_ID: u8 = 5;
}

/// After so many points of a metric it is looked whether the request is long enough.
const POINTS: usize = 100;

/// What an export covers: from when to when, in nanoseconds since 1970, and since when that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) temporality: Temporality,
}

/// Writes requests: each an
/// [`ExportMetricsServiceRequest`](https://opentelemetry.io/docs/specs/otlp/#otlphttp-request) in protobuf.
#[derive(Debug)]
pub(super) struct Requests {
    envelope: Envelope,
    /// About the most bytes of one.
    longest: usize,
}

impl Requests {
    /// Requests with metrics of `resource`.
    pub(super) fn new(resource: &Resource, longest: usize) -> Self {
        Self { envelope: Envelope::new(resource), longest }
    }

    /// Writes all of `metrics`, and hands on each request.
    pub(super) fn write(&self, metrics: &Metrics, window: Window, mut hand_on: impl FnMut(Batch)) {
        let mut batch = self.begin();
        for instrument in Instrument::ALL {
            let mut series = metrics.series(instrument);
            while series.len() > 0 {
                batch.items += series.len().min(POINTS);
                let points = series.by_ref().take(POINTS);
                wire::nested(&mut batch.body, envelope::ITEMS, |out| write(out, instrument, points, window));
                if batch.body.len() >= self.longest {
                    hand_on(self.finish(std::mem::replace(&mut batch, self.begin())));
                }
            }
        }
        if batch.items > 0 {
            hand_on(self.finish(batch));
        }
    }

    fn begin(&self) -> Batch {
        let mut body = Vec::new();
        self.envelope.begin(&mut body);
        Batch { body, items: 0 }
    }

    fn finish(&self, mut batch: Batch) -> Batch {
        self.envelope.finish(&mut batch.body);
        // What waits is bounded by the memory it takes.
        batch.body.shrink_to_fit();
        batch
    }
}

/// Writes the fields of a `Metric` with these points.
fn write<'a>(
    out: &mut Vec<u8>,
    instrument: Instrument,
    points: impl Iterator<Item = (Attributes<'a>, &'a Histogram)>,
    window: Window,
) {
    wire::delimited(out, metric::NAME, instrument.name().as_bytes());
    wire::delimited(out, metric::DESCRIPTION, instrument.description().as_bytes());
    wire::delimited(out, metric::UNIT, instrument.unit().as_bytes());
    wire::nested(out, metric::HISTOGRAM, |out| {
        for (attributes, values) in points {
            wire::nested(out, histogram::POINTS, |out| {
                write_point(out, attributes, values, instrument.bounds(), window);
            });
        }
        let temporality = match window.temporality {
            Temporality::Delta => 1,
            Temporality::Cumulative => 2,
        };
        wire::number(out, histogram::TEMPORALITY, temporality);
    });
}

fn write_point(
    out: &mut Vec<u8>,
    attributes: Attributes<'_>,
    values: &Histogram,
    bounds: &[f64],
    window: Window,
) {
    write_all(out, point::ATTRIBUTES, attributes, &mut Keys::default());
    wire::fixed64(out, point::START, window.start);
    wire::fixed64(out, point::TIME, window.end);
    wire::fixed64(out, point::COUNT, values.count);
    wire::double(out, point::SUM, values.sum);
    wire::packed(out, point::BUCKETS, values.buckets.iter().copied());
    wire::packed(out, point::BOUNDS, bounds.iter().map(|bound| bound.to_bits()));
    wire::double(out, point::MIN, values.min);
    wire::double(out, point::MAX, values.max);
    for exemplar in values.exemplars() {
        wire::nested(out, point::EXEMPLARS, |out| write_exemplar(out, exemplar));
    }
}

fn write_exemplar(out: &mut Vec<u8>, exemplar: &Exemplar) {
    wire::fixed64(out, exemplar::TIME, exemplar.time);
    wire::double(out, exemplar::VALUE, exemplar.value);
    wire::delimited(out, exemplar::SPAN_ID, &exemplar.span_id.to_bytes());
    wire::delimited(out, exemplar::TRACE_ID, &exemplar.trace_id.to_bytes());
}
