//! Points of histograms, as a test compares them.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::metrics::v1::exemplar::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Exemplar, HistogramDataPoint, Metric};

use super::{Typed, attributes, hex, metrics};

/// A point of a histogram, with what its metric says of it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of a metric and of a point, in the words of OTLP")]
pub struct Point {
    pub metric: String,
    pub unit: String,
    pub temporality: AggregationTemporality,
    pub attributes: BTreeMap<String, Typed>,
    pub start: u64,
    pub time: u64,
    pub count: u64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
    pub buckets: Vec<u64>,
    pub bounds: Vec<f64>,
    /// Value, trace ID, span ID and time of each exemplar.
    pub exemplars: Vec<(f64, String, String, u64)>,
}

/// All points of the request with this body.
pub fn points(body: &[u8]) -> Vec<Point> {
    let scopes = metrics(body).into_iter().flat_map(|resource| resource.scope_metrics);
    scopes.flat_map(|scope| scope.metrics).flat_map(of_metric).collect()
}

fn of_metric(metric: Metric) -> Vec<Point> {
    let Some(Data::Histogram(histogram)) = metric.data else { panic!("no histogram: {metric:?}") };
    assert!(!metric.description.is_empty(), "{} has no description", metric.name);
    let temporality = histogram.aggregation_temporality();
    let point = |point: HistogramDataPoint| Point {
        metric: metric.name.clone(),
        unit: metric.unit.clone(),
        temporality,
        attributes: attributes(&point.attributes),
        start: point.start_time_unix_nano,
        time: point.time_unix_nano,
        count: point.count,
        sum: point.sum.expect("a sum"),
        min: point.min.expect("the least"),
        max: point.max.expect("the most"),
        exemplars: point.exemplars.iter().map(of_exemplar).collect(),
        buckets: point.bucket_counts,
        bounds: point.explicit_bounds,
    };
    histogram.data_points.into_iter().map(point).collect()
}

fn of_exemplar(exemplar: &Exemplar) -> (f64, String, String, u64) {
    let Some(Value::AsDouble(value)) = exemplar.value else { panic!("no number: {exemplar:?}") };
    (value, hex(&exemplar.trace_id), hex(&exemplar.span_id), exemplar.time_unix_nano)
}

impl Point {
    /// The attributes in one line, by key: `key=value`.
    pub fn line(&self) -> String {
        let text = |value: &Typed| match value {
            Typed::Str(text) => text.clone(),
            Typed::Int(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        let parts = self.attributes.iter().map(|(key, value)| format!("{key}={}", text(value)));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The buckets that are not empty: the upper bound of each, and what it counts.
    pub fn filled(&self) -> Vec<(f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        bounds.zip(self.buckets.iter().copied()).filter(|(_, count)| *count > 0).collect()
    }
}
