//! Price lists of the user's own.

use std::collections::BTreeMap;

use genai_prices::Calculator;
use serde_json::{Map, Value, json};

use super::{Price, provider};

/// The prices of single models: by provider and model, as the price list writes them.
#[derive(Debug, Default)]
pub(crate) struct List(BTreeMap<String, Map<String, Value>>);

impl List {
    /// Adds a price, or replaces the one that was given before.
    pub(crate) fn add(&mut self, provider: &str, model: &str, price: &Price) {
        self.of(provider).insert(model.to_owned(), price.to_json());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What calculates by it.
    pub(super) fn calculator(&self) -> Result<Calculator, String> {
        let providers = self.0.iter().map(|(id, models)| {
            let any = models.keys().map(|model| json!({"equals": model})).collect::<Vec<_>>();
            let models = models
                .iter()
                .map(|(model, prices)| json!({"id": model, "match": {"equals": model}, "prices": prices}))
                .collect::<Vec<_>>();
            // By the pattern one would find the provider from a URL, which nobody asks for.
            json!({"id": id, "name": id, "api_pattern": "none", "model_match": {"or": any}, "models": models})
        });
        let providers = Value::Array(providers.collect());
        Calculator::from_json(providers.to_string()).map_err(|error| error.to_string())
    }

    fn of(&mut self, provider: &str) -> &mut Map<String, Value> {
        self.0.entry(provider::in_price_list(provider.trim()).to_lowercase()).or_default()
    }
}

/// What calculates by a file: a list as `genai-prices` has it, or an object of providers, each an object of models with their
/// prices.
pub(super) fn read(text: &[u8]) -> Result<Calculator, String> {
    // It says line and column, which the list's own reading does not.
    let value = serde_json::from_slice(text).map_err(|error| format!("no JSON: {error}"))?;
    let Value::Object(providers) = value else {
        return Calculator::from_json(text).map_err(|error| error.to_string());
    };
    let mut list = List::default();
    for (provider, models) in providers {
        let Value::Object(models) = models else {
            return Err(format!("provider {provider:?} is no object of models"));
        };
        list.of(&provider).extend(models);
    }
    list.calculator()
}
