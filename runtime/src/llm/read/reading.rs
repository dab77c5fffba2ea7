//! What one walk has found so far.

use crate::llm::observed::{Observed, ToolCall};

/// What one walk has found so far.
#[derive(Debug)]
pub(super) struct Reading<'o> {
    pub(super) seen: &'o mut Observed,
    /// The part of a message that the walk is in.
    pub(super) item: Item,
    /// The count that follows is one of audio.
    pub(super) is_audio: bool,
}

/// A part of a message, which may turn out to be a tool call.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) is_tool_call: bool,
    pub(super) call: ToolCall,
}

impl Reading<'_> {
    pub(super) fn open_item(&mut self, is_tool_call: bool) {
        // In place: a part is mostly no tool call, and too large to be moved for nothing.
        self.item.is_tool_call = is_tool_call;
        self.item.call.id.clear();
        self.item.call.name.clear();
    }

    pub(super) fn mark_tool_call(&mut self) {
        self.item.is_tool_call = true;
    }

    pub(super) fn close_item(&mut self) {
        if self.item.is_tool_call {
            self.seen.push_tool_call(&self.item.call);
        }
    }
}
