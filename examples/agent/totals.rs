//! What each question took, as its root says: a sink of one's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use throughline::semconv;
use throughline::span::{Sink, SpanView, ValueView};

/// What one question took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Total {
    pub(crate) model_calls: i64,
    pub(crate) tool_calls: i64,
    pub(crate) input_tokens: i64,
    pub(crate) output_tokens: i64,
    /// US dollars, as far as they are known.
    pub(crate) cost: f64,
    /// The calls that cost nobody knows what.
    pub(crate) unpriced_calls: i64,
}

/// What all questions took, by their request IDs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals(Arc<Mutex<HashMap<String, Total>>>);

impl Totals {
    /// The sink that they come from.
    pub(crate) fn sink(&self) -> impl Sink + use<> {
        Roots(self.clone())
    }

    /// What the request took.
    pub(crate) fn of(&self, request_id: &str) -> Total {
        let totals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        totals.get(request_id).copied().unwrap_or_default()
    }
}

struct Roots(Totals);

impl Sink for Roots {
    fn span(&mut self, span: &SpanView<'_>) {
        if !span.is_local_root() {
            return;
        }
        let (mut id, mut total) = (String::new(), Total::default());
        for (key, value) in span.attributes {
            match (key, value) {
                (semconv::REQUEST_ID, ValueView::Str(text)) => text.clone_into(&mut id),
                (semconv::LLM_TOTAL_CALLS, ValueView::Int(number)) => total.model_calls = number,
                (semconv::LLM_TOTAL_TOOL_CALLS, ValueView::Int(number)) => total.tool_calls = number,
                (semconv::LLM_TOTAL_INPUT_TOKENS, ValueView::Int(number)) => total.input_tokens = number,
                (semconv::LLM_TOTAL_OUTPUT_TOKENS, ValueView::Int(number)) => total.output_tokens = number,
                (semconv::LLM_TOTAL_UNPRICED_CALLS, ValueView::Int(number)) => total.unpriced_calls = number,
                (semconv::LLM_TOTAL_COST, ValueView::Double(dollars)) => total.cost = dollars,
                _ => {}
            }
        }
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, total);
    }
}
