//! What calls cost: responses as each provider words them, beside what the price list says of counts that are written here
//! by hand, so that the arithmetic between the two is held.

mod llm;

use genai_prices::{PriceRequest, UsageKey};
use llm::trace;
use serde_json::{Value, json};
use throughline::llm_span;

/// A call: who is asked for what, what comes back, and what the provider's documentation says is to be paid.
struct Call {
    provider: &'static str,
    model: &'static str,
    /// Said by the program, as the response does not.
    tier: &'static str,
    response: Value,
    /// The provider's name in the price list, and the model that is paid.
    paid: (&'static str, &'static str),
    counts: Vec<(UsageKey, f64)>,
    context: Option<(&'static str, &'static str)>,
}

fn call(
    provider: &'static str,
    list: &'static str,
    model: &'static str,
    response: Value,
    counts: &[(UsageKey, u32)],
) -> Call {
    let counts = counts.iter().map(|(key, count)| (key.clone(), f64::from(*count))).collect();
    Call { provider, model, tier: "", response, paid: (list, model), counts, context: None }
}

impl Call {
    /// The response tells the tier that it was served in.
    fn at(mut self, key: &'static str, value: &'static str) -> Self {
        self.context = Some((key, value));
        self
    }

    /// The program tells it.
    fn told(mut self, tier: &'static str, key: &'static str, value: &'static str) -> Self {
        self.tier = tier;
        self.at(key, value)
    }

    /// The response names another model than the request, and that is paid.
    fn paid_as(mut self, model: &'static str) -> Self {
        self.paid.1 = model;
        self
    }

    fn listed(&self) -> f64 {
        let usage = self.counts.iter().cloned().collect();
        let mut request = PriceRequest::new(self.paid.1, &usage).with_provider_id(self.paid.0);
        if let Some((key, value)) = self.context {
            request = request.with_price_context(key, value);
        }
        genai_prices::calculate(&request).unwrap().total_price
    }

    /// What the span of the call says, by the way the response goes.
    fn recorded(&self, way: fn(&str, &str, &str, Value)) -> f64 {
        let trace = trace(|| way(self.provider, self.model, self.tier, self.response.clone()));
        let span = trace.span(&format!("chat {}", self.model));
        span.get("gen_ai.usage.cost").parse().unwrap_or_else(|_| panic!("no cost of {}", self.model))
    }
}

fn returned(provider: &str, model: &str, tier: &str, response: Value) {
    #[llm_span(provider = provider, model = model)]
    fn ask(provider: &str, model: &str, tier: &str, response: Value) -> Result<Value, String> {
        say(tier);
        Ok(response)
    }
    assert!(ask(provider, model, tier, response).is_ok());
}

fn in_the_body(provider: &str, model: &str, tier: &str, response: Value) {
    #[llm_span(provider = provider, model = model)]
    fn ask(provider: &str, model: &str, tier: &str, response: Value) -> String {
        say(tier);
        throughline::llm::record(&response);
        String::from("the answer")
    }
    ask(provider, model, tier, response);
}

fn say(tier: &str) {
    if !tier.is_empty() {
        throughline::llm::service_tier(tier);
    }
}

const IN: UsageKey = UsageKey::INPUT_TOKENS;
const OUT: UsageKey = UsageKey::OUTPUT_TOKENS;
const CACHED: UsageKey = UsageKey::CACHE_READ_TOKENS;
const WRITTEN: UsageKey = UsageKey::CACHE_WRITE_TOKENS;
const WRITTEN_1H: UsageKey = UsageKey::CACHE_WRITE_1H_TOKENS;
const AUDIO_IN: UsageKey = UsageKey::INPUT_AUDIO_TOKENS;
const AUDIO_OUT: UsageKey = UsageKey::OUTPUT_AUDIO_TOKENS;
const AUDIO_CACHED: UsageKey = UsageKey::CACHE_AUDIO_READ_TOKENS;
const SEARCHES: UsageKey = UsageKey::WEB_SEARCHES;

/// A chat completion: of OpenAI, and of all who speak its language.
fn chat(model: &str, usage: Value) -> Value {
    json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
        "usage": usage})
}

fn with_tier(mut response: Value, tier: &str) -> Value {
    response["service_tier"] = json!(tier);
    response
}

fn response(model: &str, usage: Value) -> Value {
    json!({"id": "resp_1", "object": "response", "created_at": 1, "model": model, "status": "completed",
        "output": [{"type": "message", "id": "msg_1", "role": "assistant",
            "content": [{"type": "output_text", "text": "Hello."}]}],
        "usage": usage})
}

fn openai() -> Vec<Call> {
    let openai = |model, response, counts: &[_]| call("openai", "openai", model, response, counts);
    let cached = json!({"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500,
        "prompt_tokens_details": {"cached_tokens": 200, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}});
    let plain = |input: u32, output: u32| json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output});
    let thought = json!({"input_tokens": 3000, "input_tokens_details": {"cached_tokens": 1024},
        "output_tokens": 900, "output_tokens_details": {"reasoning_tokens": 640}, "total_tokens": 3900});
    vec![
        openai(
            "gpt-4o-mini",
            chat("gpt-4o-mini-2024-07-18", cached.clone()),
            &[(IN, 1000), (CACHED, 200), (OUT, 500)],
        ),
        openai("gpt-4.1", chat("gpt-4.1-2025-04-14", plain(12_345, 678)), &[(IN, 12_345), (OUT, 678)]),
        openai(
            "gpt-4.1",
            with_tier(chat("gpt-4.1", plain(1000, 500)), "priority"),
            &[(IN, 1000), (OUT, 500)],
        )
        .at("service_tier", "priority"),
        openai("gpt-4.1", with_tier(chat("gpt-4.1", plain(1000, 500)), "default"), &[(IN, 1000), (OUT, 500)])
            .told("batch", "processing", "batch"),
        openai(
            "gpt-5",
            response("gpt-5-2025-08-07", thought.clone()),
            &[(IN, 3000), (CACHED, 1024), (OUT, 900)],
        ),
        openai(
            "gpt-5",
            with_tier(response("gpt-5", thought.clone()), "flex"),
            &[(IN, 3000), (CACHED, 1024), (OUT, 900)],
        )
        .at("service_tier", "flex"),
        openai(
            "gpt-5-mini",
            response("gpt-5-mini", thought.clone()),
            &[(IN, 3000), (CACHED, 1024), (OUT, 900)],
        )
        .told("batch", "processing", "batch"),
        openai(
            "o3",
            with_tier(response("o3-2025-04-16", thought), "auto"),
            &[(IN, 3000), (CACHED, 1024), (OUT, 900)],
        ),
        openai("o4-mini", chat("o4-mini", plain(10, 2000)), &[(IN, 10), (OUT, 2000)]),
        // Below and above 272,000 tokens of input.
        openai("gpt-5.4", chat("gpt-5.4", plain(271_000, 1000)), &[(IN, 271_000), (OUT, 1000)]),
        openai("gpt-5.4", chat("gpt-5.4", plain(273_000, 1000)), &[(IN, 273_000), (OUT, 1000)]),
        openai(
            "gpt-audio",
            chat(
                "gpt-audio",
                json!({"prompt_tokens": 300, "completion_tokens": 400, "total_tokens": 700,
                "prompt_tokens_details": {"text_tokens": 100, "audio_tokens": 200, "cached_tokens": 0},
                "completion_tokens_details": {"text_tokens": 150, "audio_tokens": 250, "reasoning_tokens": 0}}),
            ),
            &[(IN, 300), (AUDIO_IN, 200), (OUT, 400), (AUDIO_OUT, 250)],
        ),
        openai(
            "text-embedding-3-small",
            json!({"object": "list", "model": "text-embedding-3-small", "data": [], "usage": {"prompt_tokens": 812, "total_tokens": 812}}),
            &[(IN, 812)],
        ),
        // A model that the list does not know is paid as the one that was asked for.
        openai(
            "gpt-4o-mini",
            chat("our-deployment-7", cached.clone()),
            &[(IN, 1000), (CACHED, 200), (OUT, 500)],
        ),
        openai("gpt-5-mini", chat("gpt-4o-mini", cached), &[(IN, 1000), (CACHED, 200), (OUT, 500)])
            .paid_as("gpt-4o-mini"),
    ]
}

fn message(model: &str, usage: Value) -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hello."}], "usage": usage})
}

/// Cached tokens are beside the input.
fn anthropic() -> Vec<Call> {
    let anthropic =
        |model, usage, counts: &[_]| call("anthropic", "anthropic", model, message(model, usage), counts);
    vec![
        anthropic(
            "claude-haiku-4-5",
            json!({"input_tokens": 2000, "output_tokens": 300, "service_tier": "standard"}),
            &[(IN, 2000), (OUT, 300)],
        ),
        anthropic(
            "claude-sonnet-4-5",
            json!({"input_tokens": 20, "cache_read_input_tokens": 800, "cache_creation_input_tokens": 0, "output_tokens": 55}),
            &[(IN, 820), (CACHED, 800), (OUT, 55)],
        ),
        anthropic(
            "claude-sonnet-4-5",
            json!({"input_tokens": 20, "cache_read_input_tokens": 800, "cache_creation_input_tokens": 100,
                "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 0}, "output_tokens": 55}),
            &[(IN, 920), (CACHED, 800), (WRITTEN, 100), (OUT, 55)],
        ),
        anthropic(
            "claude-sonnet-4-5",
            json!({"input_tokens": 20, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 5000,
                "cache_creation": {"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 4000}, "output_tokens": 55}),
            &[(IN, 5020), (WRITTEN, 5000), (WRITTEN_1H, 4000), (OUT, 55)],
        ),
        // Above 200,000 tokens, most of which are read from the cache.
        anthropic(
            "claude-sonnet-4-5",
            json!({"input_tokens": 30_000, "cache_read_input_tokens": 180_000, "output_tokens": 1000}),
            &[(IN, 210_000), (CACHED, 180_000), (OUT, 1000)],
        ),
        anthropic(
            "claude-opus-4-1",
            json!({"input_tokens": 5000, "output_tokens": 800, "server_tool_use": {"web_search_requests": 3}}),
            &[(IN, 5000), (OUT, 800), (SEARCHES, 3)],
        ),
        anthropic(
            "claude-haiku-4-5",
            json!({"input_tokens": 2000, "output_tokens": 300, "service_tier": "batch"}),
            &[(IN, 2000), (OUT, 300)],
        )
        .at("processing", "batch"),
    ]
}

/// Thoughts are beside the candidates, results of tools beside the prompt.
fn gemini() -> Vec<Call> {
    let respond = |model, usage| {
        json!({"responseId": "r", "modelVersion": model, "usageMetadata": usage,
        "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [{"text": "Hello."}]}}]})
    };
    let gemini =
        |model, usage, counts: &[_]| call("gcp.gemini", "google", model, respond(model, usage), counts);
    vec![
        gemini(
            "gemini-2.5-flash",
            json!({"promptTokenCount": 900, "candidatesTokenCount": 120, "totalTokenCount": 1020,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 900}]}),
            &[(IN, 900), (OUT, 120)],
        ),
        gemini(
            "gemini-2.5-flash",
            json!({"promptTokenCount": 9000, "cachedContentTokenCount": 4000, "candidatesTokenCount": 120,
                "thoughtsTokenCount": 700, "totalTokenCount": 9820}),
            &[(IN, 9000), (CACHED, 4000), (OUT, 820)],
        ),
        gemini(
            "gemini-2.5-flash",
            json!({"promptTokenCount": 2000, "candidatesTokenCount": 120, "totalTokenCount": 2120,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 100}, {"modality": "AUDIO", "tokenCount": 1900}]}),
            &[(IN, 2000), (AUDIO_IN, 1900), (OUT, 120)],
        ),
        gemini(
            "gemini-2.5-flash",
            json!({"promptTokenCount": 2000, "cachedContentTokenCount": 1000, "candidatesTokenCount": 120,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 100}, {"modality": "AUDIO", "tokenCount": 1900}],
                "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 950}, {"modality": "TEXT", "tokenCount": 50}]}),
            &[(IN, 2000), (CACHED, 1000), (AUDIO_IN, 1900), (AUDIO_CACHED, 950), (OUT, 120)],
        ),
        // Below and above 200,000 tokens of input.
        gemini(
            "gemini-2.5-pro",
            json!({"promptTokenCount": 199_000, "candidatesTokenCount": 100, "thoughtsTokenCount": 900}),
            &[(IN, 199_000), (OUT, 1000)],
        ),
        gemini(
            "gemini-2.5-pro",
            json!({"promptTokenCount": 199_000, "toolUsePromptTokenCount": 2000, "candidatesTokenCount": 100,
                "thoughtsTokenCount": 900}),
            &[(IN, 201_000), (OUT, 1000)],
        ),
        gemini(
            "gemini-2.5-pro",
            json!({"promptTokenCount": 5000, "candidatesTokenCount": 100}),
            &[(IN, 5000), (OUT, 100)],
        )
        .told("batch", "processing", "batch"),
        call(
            "gcp.vertex_ai",
            "google",
            "gemini-2.5-flash-lite",
            respond("gemini-2.5-flash-lite", json!({"promptTokenCount": 5000, "candidatesTokenCount": 100})),
            &[(IN, 5000), (OUT, 100)],
        ),
        gemini(
            "gemini-3.8-flash-tts",
            json!({"promptTokenCount": 5000, "candidatesTokenCount": 100}),
            &[(IN, 5000), (OUT, 100)],
        )
        .told("priority", "service_tier", "priority"),
    ]
}

fn bedrock() -> Vec<Call> {
    let converse = |usage| {
        json!({"output": {"message": {"role": "assistant", "content": [{"text": "Hello."}]}},
        "stopReason": "end_turn", "metrics": {"latencyMs": 1}, "usage": usage})
    };
    let claude = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let bedrock = |model, response, counts: &[_]| call("aws.bedrock", "aws", model, response, counts);
    vec![
        bedrock(
            "amazon.nova-pro-v1:0",
            converse(json!({"inputTokens": 700, "outputTokens": 60, "totalTokens": 760})),
            &[(IN, 700), (OUT, 60)],
        ),
        // In Amazon's words the cache is beside the input.
        bedrock(
            claude,
            converse(json!({"inputTokens": 30, "outputTokens": 5, "cacheReadInputTokens": 1000,
                "cacheWriteInputTokens": 400, "totalTokens": 1435})),
            &[(IN, 1430), (CACHED, 1000), (WRITTEN, 400), (OUT, 5)],
        ),
        // The model's own words, through `InvokeModel`.
        bedrock(
            claude,
            message(
                "claude-sonnet-4-5-20250929",
                json!({"input_tokens": 30, "cache_read_input_tokens": 1000, "output_tokens": 5}),
            ),
            &[(IN, 1030), (CACHED, 1000), (OUT, 5)],
        ),
        bedrock(
            "meta.llama3-3-70b-instruct-v1:0",
            converse(json!({"inputTokens": 7000, "outputTokens": 60, "totalTokens": 7060})),
            &[(IN, 7000), (OUT, 60)],
        ),
    ]
}

/// Those who speak OpenAI's language, and where they differ.
fn others() -> Vec<Call> {
    let plain = json!({"prompt_tokens": 4000, "completion_tokens": 250, "total_tokens": 4250});
    let counts = &[(IN, 4000), (OUT, 250)];
    let of =
        |provider, list, model, usage, counts: &[_]| call(provider, list, model, chat(model, usage), counts);
    let cached = json!({"prompt_tokens": 4000, "completion_tokens": 250, "total_tokens": 4250,
        "prompt_tokens_details": {"cached_tokens": 3000}});
    let less = &[(IN, 4000), (CACHED, 3000), (OUT, 250)];
    vec![
        of("azure.ai.openai", "azure", "gpt-4o-mini", cached.clone(), less),
        of("azure.ai.inference", "azure", "phi-4", plain.clone(), counts),
        of("mistral_ai", "mistral", "mistral-small-latest", plain.clone(), counts),
        of("mistral_ai", "mistral", "mistral-large-2512", plain.clone(), counts).told(
            "batch",
            "processing",
            "batch",
        ),
        of("groq", "groq", "llama-3.3-70b-versatile", plain.clone(), counts),
        of("groq", "groq", "openai/gpt-oss-120b", cached.clone(), less),
        of(
            "deepseek",
            "deepseek",
            "deepseek-chat",
            json!({"prompt_tokens": 4000, "completion_tokens": 250, "total_tokens": 4250,
                "prompt_cache_hit_tokens": 3000, "prompt_cache_miss_tokens": 1000}),
            less,
        ),
        of("deepseek", "deepseek", "deepseek-reasoner", cached.clone(), less),
        // Grok's reasoning is beside its completion, as the total tells.
        of(
            "x_ai",
            "x-ai",
            "grok-4-0709",
            json!({"prompt_tokens": 4000, "completion_tokens": 250, "total_tokens": 4950,
                "completion_tokens_details": {"reasoning_tokens": 700}}),
            &[(IN, 4000), (OUT, 950)],
        ),
        of("x_ai", "x-ai", "grok-4.20", cached.clone(), less),
        call(
            "cohere",
            "cohere",
            "command-a",
            json!({"id": "c", "finish_reason": "COMPLETE",
                "message": {"role": "assistant", "content": [{"type": "text", "text": "Hello."}]},
                "usage": {"billed_units": {"input_tokens": 5, "output_tokens": 418},
                    "tokens": {"input_tokens": 71, "output_tokens": 420}}}),
            &[(IN, 5), (OUT, 418)],
        ),
        // A fee for the request comes on top.
        of("perplexity", "perplexity", "sonar-pro", plain.clone(), counts),
        of(
            "perplexity",
            "perplexity",
            "sonar-deep-research",
            json!({"prompt_tokens": 33, "completion_tokens": 7163, "total_tokens": 7196, "num_search_queries": 18,
                "reasoning_tokens": 73_997}),
            &[(IN, 33), (OUT, 81_160), (UsageKey::OUTPUT_REASONING_TOKENS, 73_997), (SEARCHES, 18)],
        ),
        of(
            "moonshot_ai",
            "moonshotai",
            "kimi-k2-0905-preview",
            json!({"prompt_tokens": 4000, "completion_tokens": 250, "total_tokens": 4250, "cached_tokens": 3000}),
            less,
        ),
    ]
}

fn all() -> Vec<Call> {
    [openai(), anthropic(), gemini(), bedrock(), others()].into_iter().flatten().collect()
}

#[track_caller]
fn check(call: &Call, way: fn(&str, &str, &str, Value)) {
    // Some prices change with the hour.
    let before = call.listed();
    let recorded = call.recorded(way);
    let is = |listed: f64| listed > 0.0 && (recorded - listed).abs() < 1e-11;
    let (provider, model) = (call.provider, call.model);
    assert!(is(before) || is(call.listed()), "{provider} {model}: {recorded} instead of {before}");
}

#[test]
fn every_response_that_is_returned_costs_what_the_list_says_of_its_counts() {
    assert!(all().len() >= 40, "{}", all().len());
    all().iter().for_each(|call| check(call, returned));
}

#[test]
fn a_response_that_is_recorded_in_the_body_costs_the_same() {
    all().iter().for_each(|call| check(call, in_the_body));
}

#[test]
fn a_thousand_tokens_to_gpt_4o_mini_of_which_200_are_cached_and_500_back_cost_435_millionths_of_a_dollar() {
    assert_eq!(openai()[0].recorded(returned), 0.000_435);
}

#[test]
fn tiers_batches_and_long_contexts_change_the_price() {
    let cost = |call: &Call| call.recorded(returned);
    let (openai, anthropic) = (openai(), anthropic());
    let priority = cost(&openai[2]);
    let batch = cost(&openai[3]);
    assert!(priority > batch, "{priority} {batch}");
    assert!((cost(&anthropic[6]) * 2.0 - cost(&anthropic[0])).abs() < 1e-11, "a batch is half");
    // 2,000 tokens more, and every one of them dearer.
    assert!(cost(&openai[10]) > 1.5 * cost(&openai[9]));
}
