//! The histograms, by what is measured and of which calls.

use std::collections::HashMap;

use super::call::{Call, Measurement};
use super::exemplar::{Exemplar, ExemplarFilter};
use super::histogram::Histogram;
use super::instrument::Instrument;
use crate::semconv;
use crate::span::{Attributes, AttributesBuf, SpanView, Value};

/// The most series of all instruments together: 3.8 MiB where every text is as long as it can be. What would begin another
/// one is added to one series of its instrument that says so.
const MOST: usize = 2000;

/// The metrics of all model calls so far, or since they were last cleared.
#[derive(Debug)]
pub(crate) struct Metrics {
    series: [HashMap<AttributesBuf, Histogram>; Instrument::ALL.len()],
    exemplars: ExemplarFilter,
    /// The attributes of the measurement at hand.
    attributes: AttributesBuf,
}

impl Metrics {
    pub(crate) fn new(exemplars: ExemplarFilter) -> Self {
        Self { series: Default::default(), exemplars, attributes: AttributesBuf::new() }
    }

    /// Adds what is measured of `span`. Whether it is a model call.
    pub(crate) fn span(&mut self, span: &SpanView<'_>) -> bool {
        let Some(call) = Call::of(span) else { return false };
        let is_exemplary = self.exemplars.takes(span);
        for measurement in call.measurements() {
            let exemplar = is_exemplary.then_some(Exemplar {
                value: measurement.value,
                time: span.end(),
                trace_id: span.trace_id,
                span_id: span.span_id,
            });
            let Measurement { instrument, value, times, .. } = measurement;
            self.attributes.clear();
            call.describe(&measurement, &mut self.attributes);
            self.histogram(instrument).add(instrument.bounds(), value, times, exemplar);
        }
        true
    }

    /// The histogram of the attributes at hand.
    fn histogram(&mut self, instrument: Instrument) -> &mut Histogram {
        let is_full = self.points() >= MOST;
        let series = &mut self.series[instrument as usize];
        if is_full && !series.contains_key(&self.attributes) {
            self.attributes.clear();
            self.attributes.push(semconv::OTEL_METRIC_OVERFLOW, Value::Bool(true));
        }
        series.entry(self.attributes.clone()).or_insert_with(Histogram::new)
    }

    /// The series of an instrument.
    pub(crate) fn series(
        &self,
        instrument: Instrument,
    ) -> impl ExactSizeIterator<Item = (Attributes<'_>, &Histogram)> {
        self.series[instrument as usize].iter().map(|(attributes, histogram)| (attributes.view(), histogram))
    }

    /// How many series there are.
    pub(crate) fn points(&self) -> usize {
        self.series.iter().map(HashMap::len).sum()
    }

    /// Begins anew.
    pub(crate) fn clear(&mut self) {
        self.series.iter_mut().for_each(HashMap::clear);
    }
}
