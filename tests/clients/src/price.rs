//! What a call costs, asked of the price list itself.

use genai_prices::{PriceRequest, Usage, UsageKey};
use throughline::testing::SpanRecord;

/// What `genai-prices` says that a model call costs, in US dollars.
///
/// # Panics
///
/// When the list does not have the model.
#[must_use]
pub fn price(call: &SpanRecord) -> f64 {
    let text = |key: &str| call.attribute(key).and_then(|value| Some(value.as_str()?.to_owned()));
    let tokens = |key: &str| call.attribute(key).and_then(|value| value.as_int()).unwrap_or_default() as f64;
    let usage = Usage::from([
        (UsageKey::INPUT_TOKENS, tokens("gen_ai.usage.input_tokens")),
        (UsageKey::OUTPUT_TOKENS, tokens("gen_ai.usage.output_tokens")),
        (UsageKey::CACHE_READ_TOKENS, tokens("gen_ai.usage.cache_read.input_tokens")),
        (UsageKey::CACHE_WRITE_TOKENS, tokens("gen_ai.usage.cache_creation.input_tokens")),
    ]);
    let provider = text("gen_ai.provider.name").expect("a provider");
    let models = ["gen_ai.response.model", "gen_ai.request.model"].into_iter().filter_map(text);
    let prices = models.filter_map(|model| {
        genai_prices::calculate(&PriceRequest::new(&model, &usage).with_provider_id(&provider)).ok()
    });
    prices.map(|price| price.total_price).next().expect("a price")
}
