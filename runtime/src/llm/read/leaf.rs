//! What is done with a text or number of interest.

use super::place::{Leaf, is_tool_call};
use super::reading::Reading;
use crate::llm::observed::{OTHER, Status, fill};

const TICKS_PER_DOLLAR: f64 = 1e10;

pub(super) fn int(reading: &mut Reading<'_>, leaf: Leaf, value: u64) {
    match leaf {
        Leaf::Count(count) => reading.seen.counts.record(count, value),
        Leaf::AudioCount(count) if reading.is_audio => reading.seen.counts.record(count, value),
        Leaf::Cost | Leaf::CostTicks => float(reading, leaf, value as f64),
        // A status, where nothing says it in words.
        Leaf::ErrorType if reading.seen.error.is_empty() => fill(&mut reading.seen.error, &value.to_string()),
        _ => {}
    }
}

/// An error that is no more than a message.
pub(super) fn error(reading: &mut Reading<'_>, message: &str) {
    if !message.is_empty() && reading.seen.error.is_empty() {
        fill(&mut reading.seen.error, OTHER);
    }
}

/// Counts that a document without integers brings, and costs.
pub(super) fn float(reading: &mut Reading<'_>, leaf: Leaf, value: f64) {
    if !value.is_finite() || value < 0.0 {
        return;
    }
    match leaf {
        Leaf::Count(_) | Leaf::AudioCount(_) => int(reading, leaf, value as u64),
        Leaf::Cost => reading.seen.cost = Some(value),
        Leaf::CostTicks => reading.seen.cost = Some(value / TICKS_PER_DOLLAR),
        _ => {}
    }
}

pub(super) fn text(reading: &mut Reading<'_>, leaf: Leaf, value: &str) {
    let Reading { seen, item, is_audio } = reading;
    match leaf {
        Leaf::Id => fill(&mut seen.id, value),
        Leaf::Model => fill(&mut seen.model, value),
        Leaf::ServiceTier => fill(&mut seen.service_tier, value),
        Leaf::BilledTier => fill(&mut seen.billed_tier, value),
        Leaf::FinishReason => seen.push_finish_reason(value),
        Leaf::Status => seen.status = status(value),
        Leaf::ErrorType => fill(&mut seen.error, value),
        // Events of OpenAI's responses that say again what the ones before them said piece by piece.
        Leaf::EventType => seen.says_nothing_new |= value.ends_with(".done") || value == "error",
        Leaf::ItemType => item.is_tool_call |= is_tool_call(value),
        Leaf::ItemId if item.call.id.is_empty() => fill(&mut item.call.id, value),
        Leaf::ItemId => {}
        Leaf::CallId => fill(&mut item.call.id, value),
        Leaf::ItemName => fill(&mut item.call.name, value),
        Leaf::Modality => *is_audio = value.eq_ignore_ascii_case("audio"),
        // A number of arbitrary precision comes as its text.
        Leaf::Count(_) | Leaf::AudioCount(_) | Leaf::Cost | Leaf::CostTicks => {
            if let Ok(value) = value.parse::<f64>() {
                float(reading, leaf, value);
            }
        }
        // Its length was counted by the walk; a variant's name is no content.
        Leaf::Content => {}
    }
}

fn status(value: &str) -> Option<Status> {
    match value {
        "completed" => Some(Status::Completed),
        "failed" => Some(Status::Failed),
        _ => None,
    }
}
