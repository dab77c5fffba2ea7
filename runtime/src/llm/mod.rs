//! Calls of language models: usage, cost, attempts, streams.
//!
//! A function under `#[llm_span]` fills its span from what it returns. A function that consumes the response itself calls
//! [`record`] or [`record_chunk`]; a stream is passed through [`observe`]; a call that is retried wraps each try in
//! [`attempt`]. The attributes are those of OpenTelemetry's
//! [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/), see [`semconv`](crate::semconv);
//! `OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental` selects the unreleased ones.
//!
//! Costs are in US dollars and come from the price list of `genai-prices`, with the feature `prices`; a file named by
//! `THROUGHLINE_PRICES` is asked first. A cost that the provider reports wins. A model that is in no list has no cost.
//!
//! When a local root ends, it gets the sums of the calls that ended before it, as `throughline.llm.total.*`.

mod attempt;
mod call;
mod calls;
mod content;
mod convention;
mod counts;
mod follow;
mod moment;
mod observe;
mod observed;
pub(crate) mod prices;
mod read;
mod record;
mod response;
mod state;
mod totals;
mod usage;
mod write;

pub use attempt::attempt;
pub use content::{
    Content, Pattern, record_input, record_output, record_system_instructions, record_tool_definitions,
    set_content,
};
pub use observe::{Observe, observe};
pub use record::{record, record_chunk};
pub use response::{Item, LlmResponse, Readable};
pub use usage::Usage;

/// What expansions of the macros call. Not public API.
#[doc(hidden)]
pub mod expansion {
    pub use super::call::Call;
    pub use super::content::{
        Captured, ContentPart, captured, captured_fields, captured_text, content_is_asked, record_captured,
    };
    pub use super::observe::{ObserveCall, observe_by, observe_call};
    pub use super::response::{Look, look_at_error, look_at_nothing, look_at_response, look_at_serialize};
}
