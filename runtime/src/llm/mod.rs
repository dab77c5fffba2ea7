//! Calls of language models: usage, cost, attempts, streams.
//!
//! A function under `#[llm_span]` fills its span from what it returns. A function that consumes the response itself calls
//! [`record`] or [`record_chunk`]; a stream is passed through [`observe`]; a call that is retried wraps each try in
//! [`attempt`]. The attributes are those of OpenTelemetry's
//! [GenAI conventions](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/), see [`semconv`](crate::semconv);
//! `OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental` selects the unreleased ones.
//!
//! Costs are in US dollars and come, with the feature `prices`, from the price list of `genai-prices`; what the program gives
//! ([`Builder::price`](crate::Builder::price)) and a file named by `THROUGHLINE_PRICES` are asked first. A cost that the
//! provider reports wins. A model that is in no list has no cost.
//!
//! Prompts and answers are recorded on request only, redacted: see [`Content`].
//! Whom the work is for, conversation, user and session, is said by [`Identity`] and inherited by what belongs to it.
//!
//! When a local root ends, it gets the sums of the calls, tools and searches that ended before it, as
//! `throughline.llm.total.*`.

mod attempt;
mod call;
mod calls;
mod content;
mod convention;
mod counts;
mod estimate;
mod follow;
pub(crate) mod identity;
#[cfg(feature = "otlp")]
pub(crate) mod metrics;
mod moment;
mod observe;
mod observed;
pub(crate) mod prices;
mod profiles;
mod read;
mod record;
mod response;
mod roots;
mod state;
mod totals;
mod usage;
mod write;

pub use crate::context::identity::Identity;
#[cfg(feature = "http")]
pub(crate) use attempt::answered;
#[cfg(feature = "http")]
pub use attempt::{AttemptFuture, AttemptLayer, Attempts};
pub use attempt::{attempt, retry_after};
pub(crate) use calls::is_entered as is_call;
pub use content::{
    Content, Pattern, record_input, record_output, record_system_instructions, record_tool_definitions,
    set_content,
};
pub use estimate::estimate;
pub use observe::{Observe, observe, try_observe};
#[cfg(feature = "prices")]
pub use prices::Price;
pub use profiles::{ParseProfileError, Profile, Profiled};
pub use record::{record, record_chunk, service_tier};
pub use response::{Item, LlmResponse, Readable};
pub(crate) use totals::watch;
#[cfg(feature = "http")]
pub(crate) use totals::{Totals, used_by};
pub use usage::Usage;

/// What expansions of the macros call. Not public API.
#[doc(hidden)]
pub mod expansion {
    pub use super::call::Call;
    pub use super::content::{
        Captured, ContentPart, captured, captured_fields, captured_text, content_is_asked, record_captured,
    };
    pub use super::observe::observe_returned;
    pub use super::response::{Look, look_at_error, look_at_nothing, look_at_response, look_at_serialize};
}
