//! The price list of [genai-prices](https://github.com/pydantic/genai-prices), and before it the user's own: what the program
//! gives, then a file.
//!
//! Decoding the list takes tens of milliseconds. A thread of its own does it, started when the first model call begins, so
//! that it is ready when the first answer arrives. An answer that is faster waits for it, once: a missing cost would be
//! worse.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use genai_prices::{Calculator, PriceRequest, Usage as Quantities, UsageKey};

use super::{Bill, List, list, provider};
use crate::report;

const VARIABLE: &str = "THROUGHLINE_PRICES";

/// What the program gave, which is asked first.
static GIVEN: OnceLock<Calculator> = OnceLock::new();
static PRICES: OnceLock<Prices> = OnceLock::new();

struct Prices {
    /// The file named by `THROUGHLINE_PRICES`: what it does not know is looked up in the list that came with us.
    own: Option<Calculator>,
    bundled: &'static Calculator,
}

/// Starts to decode the price list on a thread of its own, unless that was done.
pub(crate) fn warm() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if STARTED.load(Ordering::Relaxed) || STARTED.swap(true, Ordering::Relaxed) {
        return;
    }
    let decode = || {
        PRICES.get_or_init(Prices::from_env);
    };
    // Without a thread the first call that needs a price decodes the list.
    let _ = std::thread::Builder::new().name("throughline-prices".into()).spawn(decode);
}

/// Takes the prices that the program gives. The first ones stay.
pub(crate) fn give(list: &List) {
    match list.calculator() {
        Ok(prices) => drop(GIVEN.set(prices)),
        Err(error) => {
            report::once("prices of the program", &format!("the prices of the program are left out: {error}"))
        }
    }
}

/// What the call costs in US dollars, at the prices of now; `None` when the model is unknown or has no price.
pub(crate) fn cost(bill: &Bill<'_>) -> Option<f64> {
    let quantities = quantities(bill);
    let given = GIVEN.get().and_then(|prices| calculate(prices, bill, &quantities));
    given.or_else(|| PRICES.get_or_init(Prices::from_env).cost(bill, &quantities))
}

impl Prices {
    fn from_env() -> Self {
        Self::with_own(env::var_os(VARIABLE).filter(|path| !path.is_empty()).as_deref())
    }

    fn with_own(path: Option<&OsStr>) -> Self {
        let own = path.and_then(|path| read(path).inspect_err(|error| warn(path, error)).ok());
        Self { own, bundled: Calculator::bundled() }
    }

    fn cost(&self, bill: &Bill<'_>, quantities: &Quantities) -> Option<f64> {
        let own = self.own.as_ref().and_then(|prices| calculate(prices, bill, quantities));
        // A list of all the world names models whose price it does not know: they are not free.
        own.or_else(|| calculate(self.bundled, bill, quantities).filter(|dollars| *dollars > 0.0))
    }
}

/// By the model that answered, else by the one that was asked for.
fn calculate(prices: &Calculator, bill: &Bill<'_>, quantities: &Quantities) -> Option<f64> {
    let mut models = [bill.response_model, bill.request_model];
    if provider::is_priced_by_request(bill.provider) {
        models.reverse();
    }
    let mut named = models.into_iter().filter(|model| !model.is_empty());
    named.find_map(|model| calculate_for(prices, model, bill, quantities))
}

fn calculate_for(prices: &Calculator, model: &str, bill: &Bill<'_>, quantities: &Quantities) -> Option<f64> {
    let mut request = PriceRequest::new(model, quantities);
    if !bill.provider.is_empty() {
        request = request.with_provider_id(provider::in_price_list(bill.provider));
    }
    request = match bill.service_tier {
        // What is selected without it.
        "" | "default" | "auto" | "standard" => request,
        // To the list, a batch is no tier: OpenAI says `default` of it. Anthropic calls it one.
        "batch" => request.with_price_context("processing", "batch"),
        tier => request.with_price_context("service_tier", tier),
    };
    let total = prices.calculate(&request).ok()?.total_price;
    total.is_finite().then_some(total)
}

fn quantities(bill: &Bill<'_>) -> Quantities {
    let Bill { usage, extras, .. } = bill;
    // Without it the list could not tell how much of the audio was read from the cache.
    let knows_cached_audio = extras.input_audio > 0 && usage.cache_read > 0;
    let mut quantities: Quantities = [
        (UsageKey::INPUT_TOKENS, usage.input),
        (UsageKey::OUTPUT_TOKENS, usage.output),
        (UsageKey::CACHE_READ_TOKENS, usage.cache_read),
        (UsageKey::CACHE_WRITE_TOKENS, usage.cache_creation),
        (UsageKey::CACHE_WRITE_1H_TOKENS, extras.cache_creation_for_an_hour),
        (UsageKey::OUTPUT_REASONING_TOKENS, usage.reasoning),
        (UsageKey::INPUT_AUDIO_TOKENS, extras.input_audio),
        (UsageKey::OUTPUT_AUDIO_TOKENS, extras.output_audio),
        (UsageKey::WEB_SEARCHES, extras.web_searches),
    ]
    .into_iter()
    .filter(|(_, tokens)| *tokens > 0)
    .map(|(key, tokens)| (key, tokens as f64))
    .collect();
    if knows_cached_audio {
        quantities.insert(UsageKey::CACHE_AUDIO_READ_TOKENS, extras.cached_audio as f64);
    }
    quantities
}

fn read(path: &OsStr) -> Result<Calculator, String> {
    let text = fs::read(path).map_err(|error| error.to_string())?;
    list::read(&text)
}

fn warn(path: &OsStr, error: &str) {
    let path = path.display();
    let message = format!("{VARIABLE}: {path}: {error}; the price list that came with Throughline is used");
    report::once(VARIABLE, &message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Usage;
    use crate::llm::counts::Extras;

    fn bill<'a>(provider: &'a str, response_model: &'a str, request_model: &'a str) -> Bill<'a> {
        let usage = Usage { input: 1000, output: 500, cache_read: 200, ..Usage::default() };
        Bill { provider, response_model, request_model, service_tier: "", usage, extras: Extras::default() }
    }

    fn of(prices: &Prices, bill: &Bill<'_>) -> Option<f64> {
        prices.cost(bill, &quantities(bill))
    }

    #[track_caller]
    fn check(bill: &Bill<'_>, dollars: f64) {
        let cost = cost(bill).expect("a price");
        assert!((cost - dollars).abs() < 1e-12, "{cost} instead of {dollars}");
    }

    #[test]
    fn a_call_costs_what_the_list_says() {
        check(&bill("openai", "gpt-4o-mini", ""), 0.000435);
        check(&bill("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"), 0.000435);
    }

    #[test]
    fn a_model_that_only_the_request_knows_is_priced_by_that() {
        check(&bill("openai", "our-deployment-7", "gpt-4o-mini"), 0.000435);
    }

    #[test]
    fn a_call_without_a_provider_is_priced_by_the_name_of_the_model() {
        check(&bill("", "gpt-4o-mini", ""), 0.000435);
    }

    #[test]
    fn an_unknown_model_or_provider_has_no_cost() {
        assert_eq!(cost(&bill("openai", "no-such-model", "nor-this")), None);
        assert_eq!(cost(&bill("no-such-provider", "gpt-4o-mini", "")), None);
        assert_eq!(cost(&bill("openai", "", "")), None);
    }

    #[test]
    fn every_provider_of_the_conventions_that_the_list_has_is_found_by_its_convention_s_name() {
        let known = [
            ("openai", "gpt-4o-mini"),
            ("anthropic", "claude-sonnet-4-5"),
            ("gcp.gemini", "gemini-2.5-flash"),
            ("gcp.vertex_ai", "gemini-2.5-flash"),
            ("gcp.gen_ai", "gemini-2.5-flash"),
            ("aws.bedrock", "amazon.nova-pro-v1:0"),
            ("azure.ai.openai", "gpt-4o-mini"),
            ("azure.ai.inference", "gpt-4o-mini"),
            ("cohere", "command-r"),
            ("mistral_ai", "mistral-small-latest"),
            ("groq", "llama-3.1-8b-instant"),
            ("deepseek", "deepseek-chat"),
            ("perplexity", "sonar"),
            ("x_ai", "grok-4"),
            ("moonshot_ai", "kimi-k2-0905-preview"),
        ];
        let unpriced: Vec<_> =
            known.iter().filter(|(provider, model)| cost(&bill(provider, model, "")).is_none()).collect();
        assert!(unpriced.is_empty(), "{unpriced:?}");
    }

    #[test]
    fn reasoning_is_priced_inside_the_output() {
        let mut bill = bill("openai", "gpt-4o-mini", "");
        bill.usage.reasoning = 300;
        check(&bill, 0.000435);
    }

    #[test]
    fn a_cheaper_tier_is_cheaper() {
        let normal = bill("openai", "o3", "");
        let flex = Bill { service_tier: "flex", ..normal };
        assert!(cost(&flex) <= cost(&normal));
        assert_eq!(cost(&Bill { service_tier: "default", ..normal }), cost(&normal));
    }

    #[test]
    fn a_price_file_of_one_s_own_comes_first_and_the_rest_stays() {
        let path = env::temp_dir().join(format!("throughline-prices-{}.json", std::process::id()));
        let file = r#"[{"id": "acme", "name": "Acme", "api_pattern": "acme", "models": [
            {"id": "m1", "match": {"equals": "m1"}, "prices": {"input_mtok": 1000, "output_mtok": 2000}}]}]"#;
        fs::write(&path, file).expect("a file");
        let prices = Prices::with_own(Some(path.as_os_str()));
        let _ = fs::remove_file(&path);
        assert_eq!(of(&prices, &bill("acme", "m1", "")), Some(2.0));
        assert_eq!(of(&prices, &bill("openai", "gpt-4o-mini", "")), cost(&bill("openai", "gpt-4o-mini", "")));
    }

    #[test]
    fn a_price_file_that_cannot_be_read_leaves_the_list_in_place() {
        let prices = Prices::with_own(Some(OsStr::new("/nonexistent/prices.json")));
        assert!(prices.own.is_none());
        assert!(of(&prices, &bill("openai", "gpt-4o-mini", "")).is_some());
    }
}
