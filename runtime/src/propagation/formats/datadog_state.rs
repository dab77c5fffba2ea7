//! What Datadog's tracers tell one another beside IDs and a verdict, in the form that it has in their member of a
//! `tracestate`: in `dd=s:2;o:rum;t.dm:-4` the priority, the origin of the request, and a tag of the trace.

use crate::context::ContextParts;
use crate::propagation::trace_state;

/// The key of the member.
const KEY: &str = "dd";
/// The number of characters that the value of a member can have. What does not fit is left out.
const MAX_LEN: usize = 256;

/// The value of the member while it is written.
#[derive(Debug, Default)]
pub(super) struct Written(String);

impl Written {
    /// Adds a field. Of its value `=` is written as `~`, and what the list has no place for as `_`.
    pub(super) fn push(&mut self, name: &str, value: &[u8]) {
        let is_name = name.bytes().all(|byte| byte.is_ascii_graphic() && !b",;:=".contains(&byte));
        let len = self.0.len() + 1 + name.len() + 1 + value.len();
        if !is_name || value.is_empty() || len > MAX_LEN {
            return;
        }
        if !self.0.is_empty() {
            self.0.push(';');
        }
        self.0.extend([name, ":"]);
        self.0.extend(value.iter().map(|byte| match byte {
            b'=' => '~',
            b',' | b';' | b'~' => '_',
            byte if byte.is_ascii_graphic() => char::from(*byte),
            _ => '_',
        }));
    }

    /// Puts the member in front of the trace state, unless it has one already: that came with the same span.
    pub(super) fn put_into(self, parts: &mut ContextParts) {
        let list = parts.trace_state.as_deref().unwrap_or_default();
        if !self.0.is_empty() && trace_state::member(list, KEY).is_none() {
            parts.trace_state = Some(trace_state::with_member(list, KEY, &self.0).into());
        }
    }
}

/// The fields of the member in a trace state, as they were before they were written there.
pub(super) fn fields(trace_state: Option<&str>) -> impl Iterator<Item = (&str, String)> {
    let member = trace_state.and_then(|list| trace_state::member(list, KEY)).unwrap_or_default();
    let fields = member.split(';').filter_map(|field| field.split_once(':'));
    fields.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.replace('~', "=")))
}
