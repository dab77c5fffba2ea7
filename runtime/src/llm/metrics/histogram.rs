//! Values, counted by size.

use super::exemplar::Exemplar;
use super::instrument::Bounds;

const BUCKETS: usize = size_of::<Bounds>() / size_of::<f64>() + 1;

/// Values, counted by size.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    pub(crate) buckets: [u64; BUCKETS],
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// The last one of each bucket that has any, with the bucket's number.
    exemplars: Vec<(usize, Exemplar)>,
}

impl Histogram {
    pub(super) const fn new() -> Self {
        Self {
            buckets: [0; BUCKETS],
            count: 0,
            sum: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            exemplars: Vec::new(),
        }
    }

    /// Adds `value`, `times` times.
    pub(super) fn add(&mut self, bounds: &Bounds, value: f64, times: u64, exemplar: Option<Exemplar>) {
        // A bucket has what is at its upper bound.
        let bucket = bounds.partition_point(|bound| *bound < value);
        self.buckets[bucket] += times;
        self.count += times;
        self.sum += value * times as f64;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        let Some(exemplar) = exemplar else { return };
        match self.exemplars.iter_mut().find(|(of, _)| *of == bucket) {
            Some((_, last)) => *last = exemplar,
            None => self.exemplars.push((bucket, exemplar)),
        }
    }

    pub(crate) fn exemplars(&self) -> impl Iterator<Item = &Exemplar> {
        self.exemplars.iter().map(|(_, exemplar)| exemplar)
    }
}
