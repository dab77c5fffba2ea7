//! What was seen of one response, chunk or stream.

use arrayvec::ArrayString;

use crate::llm::Usage;
use crate::llm::content::Said;
use crate::llm::counts::Counts;

/// Text of known keys, such as a model's name: kept in place, and cut when it is longer than any provider's.
pub(crate) type Text = ArrayString<128>;

/// The finish reason of what broke off.
pub(crate) const BROKEN: &str = "error";
/// The type of an error that has none.
pub(crate) const OTHER: &str = "_OTHER";
/// More tool calls or finish reasons than this in one response are not kept.
const MOST: usize = 128;

/// `text`, cut to what fits.
pub(crate) fn cut(text: &str) -> Text {
    let mut kept = Text::new();
    fill(&mut kept, text);
    kept
}

/// Makes `kept` what fits of `text`.
pub(crate) fn fill(kept: &mut Text, text: &str) {
    kept.clear();
    if kept.try_push_str(text).is_err() {
        kept.push_str(&text[..text.floor_char_boundary(kept.capacity())]);
    }
}

/// A tool that the model asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ToolCall {
    pub(crate) id: Text,
    pub(crate) name: Text,
}

/// How a response of OpenAI's responses interface says that it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Completed,
    Failed,
}

/// What was seen of one response, or of one chunk, or of all chunks of a stream so far.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(crate) id: Text,
    pub(crate) model: Text,
    /// As a response of OpenAI says it.
    pub(crate) service_tier: Text,
    /// As the usage says it.
    pub(crate) billed_tier: Text,
    pub(crate) error: Text,
    pub(crate) status: Option<Status>,
    pub(crate) finish_reasons: Vec<Text>,
    pub(crate) tool_calls: Vec<ToolCall>,
    pub(crate) counts: Counts,
    /// How much the model says in it: bytes of text, reasoning and arguments of tool calls.
    pub(crate) content: u64,
    /// What it says was said before, or is not said by the model.
    pub(crate) says_nothing_new: bool,
    /// Usage that did not come as counts, from an [`LlmResponse`](crate::llm::LlmResponse).
    pub(crate) told: Option<Usage>,
    /// US dollars, when the provider says so.
    pub(crate) cost: Option<f64>,
    /// What the model says in it, where that is asked for. It is no part of [`merge`](Self::merge).
    pub(crate) said: Option<Box<Said>>,
}

impl Observed {
    pub(crate) fn usage(&self) -> Option<Usage> {
        self.told.or_else(|| self.counts.usage())
    }

    pub(crate) fn has_usage(&self) -> bool {
        self.told.is_some() || !self.counts.is_empty()
    }

    pub(crate) fn has_output(&self) -> bool {
        self.told.is_some_and(|usage| usage.output > 0) || self.counts.has_output()
    }

    pub(crate) fn push_finish_reason(&mut self, reason: &str) {
        if !reason.is_empty() && self.finish_reasons.len() < MOST {
            self.finish_reasons.push(cut(reason));
        }
    }

    /// Adds a reason unless it is known: streams repeat it.
    pub(crate) fn add_finish_reason(&mut self, reason: &str) {
        if !self.finish_reasons.iter().any(|known| known.as_str() == reason) {
            self.push_finish_reason(reason);
        }
    }

    /// Whether the model says something in it, be it only which tool it asks for.
    pub(crate) fn has_content(&self) -> bool {
        self.content > 0 || !self.tool_calls.is_empty()
    }

    /// Whether the provider gives tool calls IDs.
    pub(crate) fn has_tool_call_ids(&self) -> bool {
        self.tool_calls.iter().any(|call| !call.id.is_empty())
    }

    /// Whether nothing was seen that only a response has.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_usage()
            && self.cost.is_none()
            && self.model.is_empty()
            && self.error.is_empty()
            && self.finish_reasons.is_empty()
            && self.tool_calls.is_empty()
    }

    /// Whether `other` has another ID.
    pub(crate) fn is_other_id(&self, other: &Self) -> bool {
        !self.id.is_empty() && !other.id.is_empty() && self.id != other.id
    }

    /// Whether `other` may be about the same response: by its ID, else by its usage.
    pub(crate) fn is_same_response(&self, other: &Self) -> bool {
        if !self.id.is_empty() && !other.id.is_empty() {
            return self.id == other.id;
        }
        match (self.usage(), other.usage()) {
            (Some(usage), Some(other)) => usage == other,
            _ => true,
        }
    }

    /// Whether both are whole responses of a provider that gives them no IDs.
    pub(crate) fn has_no_id_like(&self, other: &Self) -> bool {
        let is_whole = |one: &Self| one.id.is_empty() && !one.model.is_empty() && one.has_usage();
        is_whole(self) && is_whole(other)
    }

    /// Adds a tool call unless it is known by its ID: streams name a call in several events.
    pub(crate) fn push_tool_call(&mut self, call: &ToolCall) {
        let known = !call.id.is_empty() && self.tool_calls.iter().any(|known| known.id == call.id);
        if !known && !call.name.is_empty() && self.tool_calls.len() < MOST {
            self.tool_calls.push(*call);
        }
    }

    /// Draws conclusions from fields that mean something only beside others: many types have an ID or a status.
    pub(crate) fn settle(&mut self) {
        if self.is_empty() {
            self.id.clear();
        }
        if self.says_nothing_new {
            self.content = 0;
        }
        let Some(status) = self.status.take() else { return };
        if self.finish_reasons.is_empty() && self.has_usage() {
            self.push_finish_reason(match status {
                Status::Completed if self.tool_calls.is_empty() => "stop",
                Status::Completed => "tool_calls",
                Status::Failed => "error",
            });
        }
    }

    /// Takes over what the next chunk of the same stream says.
    pub(crate) fn merge(&mut self, later: &Self) {
        keep_first(&mut self.id, &later.id);
        keep_first(&mut self.model, &later.model);
        keep_first(&mut self.service_tier, &later.service_tier);
        keep_first(&mut self.billed_tier, &later.billed_tier);
        if !later.error.is_empty() {
            self.error = later.error;
            self.add_finish_reason(BROKEN);
        }
        self.status = later.status.or(self.status);
        if self.finish_reasons.is_empty() {
            self.finish_reasons.extend_from_slice(&later.finish_reasons);
        } else {
            later.finish_reasons.iter().for_each(|reason| self.add_finish_reason(reason));
        }
        for call in &later.tool_calls {
            self.push_tool_call(call);
        }
        if !later.counts.is_empty() {
            self.counts.merge(&later.counts);
        }
        self.told = later.told.or(self.told);
        self.cost = later.cost.or(self.cost);
    }
}

fn keep_first(known: &mut Text, later: &Text) {
    if known.is_empty() && !later.is_empty() {
        *known = *later;
    }
}
