//! Prices that the program gives.

use serde_json::{Map, Value, json};

/// What a model costs in US dollars, for [`Builder::price`](crate::Builder::price).
///
/// Cached, written and reasoning tokens are parts of the input and the output, and cost what the others of those cost unless
/// told. From a number of input tokens on, all tokens of a call may have other prices.
///
/// ```
/// use throughline::llm::Price;
///
/// let price = Price::per_million(0.8, 3.2).cached(0.08).cache_write(1.0);
/// let price = price.above(200_000, Price::per_million(1.6, 4.8).cached(0.16));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Price {
    input: f64,
    output: f64,
    cached: Option<f64>,
    cache_write: Option<f64>,
    reasoning: Option<f64>,
    above: Vec<(u64, Price)>,
}

impl Price {
    /// Dollars for a million tokens of input, and of output. A model that costs nothing has 0 for both.
    pub const fn per_million(input: f64, output: f64) -> Self {
        Self { input, output, cached: None, cache_write: None, reasoning: None, above: Vec::new() }
    }

    /// Dollars for a million tokens that are read from the provider's cache.
    pub const fn cached(mut self, dollars: f64) -> Self {
        self.cached = Some(dollars);
        self
    }

    /// Dollars for a million tokens that are written to the provider's cache.
    pub const fn cache_write(mut self, dollars: f64) -> Self {
        self.cache_write = Some(dollars);
        self
    }

    /// Dollars for a million tokens that the model spends on reasoning.
    pub const fn reasoning(mut self, dollars: f64) -> Self {
        self.reasoning = Some(dollars);
        self
    }

    /// The price of calls with more than `input_tokens` tokens of input. What `price` does not tell stays as it is.
    pub fn above(mut self, input_tokens: u64, price: Self) -> Self {
        self.above.push((input_tokens, price));
        self
    }

    /// As the price list writes it.
    pub(super) fn to_json(&self) -> Value {
        let prices = self.by_key().into_iter().zip(0..).filter_map(|((key, base), place)| {
            let tiers = self.above.iter().filter_map(|(start, above)| {
                let (_, price) = above.by_key()[place];
                Some(json!({"start": start, "price": price?}))
            });
            Some((key.to_owned(), json!({"base": base?, "tiers": tiers.collect::<Vec<_>>()})))
        });
        Value::Object(prices.collect::<Map<_, _>>())
    }

    fn by_key(&self) -> [(&'static str, Option<f64>); 5] {
        [
            ("input_mtok", Some(self.input)),
            ("output_mtok", Some(self.output)),
            ("cache_read_mtok", self.cached),
            ("cache_write_mtok", self.cache_write),
            ("output_reasoning_mtok", self.reasoning),
        ]
    }
}
