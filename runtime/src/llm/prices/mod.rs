//! What a call costs by the price list.

#[cfg(not(feature = "prices"))]
mod disabled;
#[cfg(feature = "prices")]
mod enabled;
#[cfg(feature = "prices")]
mod list;
#[cfg(feature = "prices")]
mod price;
#[cfg(feature = "prices")]
mod provider;

#[cfg(not(feature = "prices"))]
pub(crate) use disabled::{cost, warm};
#[cfg(feature = "prices")]
pub(crate) use enabled::{cost, give, warm};
#[cfg(feature = "prices")]
pub(crate) use list::List;
#[cfg(feature = "prices")]
pub use price::Price;

use crate::llm::Usage;
use crate::llm::counts::Extras;

/// What is to be priced.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "prices"), expect(dead_code, reason = "there is no list to ask"))]
pub(crate) struct Bill<'a> {
    /// By the GenAI conventions; empty when unknown.
    pub(crate) provider: &'a str,
    /// The model that answered; empty when unknown.
    pub(crate) response_model: &'a str,
    /// The model that was asked for; empty when unknown.
    pub(crate) request_model: &'a str,
    /// As it was said, or as the response reports it; empty when neither is so.
    pub(crate) service_tier: &'a str,
    pub(crate) usage: Usage,
    pub(crate) extras: Extras,
}
