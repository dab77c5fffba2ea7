//! What a call used, and what that costs.

use super::State;
use crate::collect;
use crate::context::key::Key;
use crate::llm::moment::Moment;
use crate::llm::prices::{self, Bill};
use crate::llm::totals::{self, Totals};
use crate::llm::{Usage, estimate};

impl State {
    /// Adds what is known to the totals of the local root, without writing it.
    pub(in crate::llm) fn count(&mut self) {
        let totals = self.totals();
        self.add_to_totals(totals);
    }

    pub(super) fn add_to_totals(&mut self, totals: Totals) {
        let amounts = totals.since(&self.counted);
        self.counted = totals;
        if amounts.unpriced > 0 {
            count_unpriced(&self.key, amounts.unpriced.unsigned_abs());
        }
        if std::mem::take(&mut self.is_expected) {
            totals::add_last(&self.origin, &amounts, Moment::passing(&self.origin));
        } else {
            totals::add(&self.origin, &amounts);
        }
    }

    /// What the span used so far, this response included.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = self.earlier;
        if totals.calls == 0 || !self.seen.is_empty() {
            let reported = self.seen.usage();
            let estimated = if reported.is_none() { self.estimated() } else { None };
            let usage = reported.or(estimated);
            let cost = self.cost(usage);
            totals.add(&Totals {
                calls: 1,
                usage: usage.unwrap_or_default(),
                cost,
                estimated: u64::from(estimated.is_some()),
                // Where nothing was answered, nothing is to be paid.
                unpriced: i64::from(cost.is_none() && !self.seen.is_empty()),
                ..Totals::default()
            });
        }
        totals
    }

    /// What a response that does not say used, where that was asked for. Where nothing was answered, nothing was used.
    fn estimated(&self) -> Option<Usage> {
        let estimate = self.estimate.filter(|_| self.content > 0 || !self.seen.is_empty())?;
        let output = if estimate.output > 0 { estimate.output } else { estimate::tokens(self.content) };
        Some(Usage { output, ..estimate })
    }

    /// What this response costs: as the provider says, else by the price list.
    fn cost(&self, usage: Option<Usage>) -> Option<f64> {
        self.seen.cost.or_else(|| {
            prices::cost(&Bill {
                provider: &self.provider,
                response_model: &self.seen.model,
                request_model: &self.request_model,
                service_tier: [&self.tier, &self.seen.billed_tier, &self.seen.service_tier]
                    .into_iter()
                    .find(|tier| !tier.is_empty())
                    .map_or("", |tier| tier),
                usage: usage?,
                extras: self.seen.counts.extras(),
            })
        })
    }
}

/// Rare, as long as the list knows the models that are called.
#[cold]
fn count_unpriced(span: &Key, calls: u64) {
    if let Some(shared) = collect::find(span.meta.pipeline()) {
        shared.counters.unpriced_calls.add(calls);
    }
}
