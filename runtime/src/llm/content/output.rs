//! What the model of one call has answered so far.

use crate::context::key::Key;
use crate::llm::content::answer::{Kind, Piece, Said};
use crate::llm::content::cut::before_a_secret;
use crate::llm::content::message::{Message, Part};
use crate::llm::content::tree::{Text, Tree};
use crate::llm::content::{policy, write};
use crate::llm::observed;
use crate::semconv;

/// More answers, or parts of one, are not kept.
const MOST: usize = 1024;
/// Bytes of text of one stream that are kept: what is more would be cut.
const ROOM: usize = 1 << 20;

/// What the model of one call has answered so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    /// Of responses before this one: an agent asks again.
    earlier: Vec<Message>,
    answers: Vec<Answer>,
    kind: Kind,
    bytes: usize,
    /// Something is not written yet.
    pub(in crate::llm) is_news: bool,
}

/// One of several answers.
#[derive(Clone, Debug, Default)]
struct Answer {
    choice: u64,
    message: Message,
    slots: Vec<Option<u64>>,
}

impl Output {
    /// Takes a whole response; it may come twice. What a function makes of an answer is none.
    pub(in crate::llm) fn response(&mut self, said: &Said) {
        let is_known = !self.answers.is_empty() && matches!(self.kind, Kind::Known | Kind::Whole);
        let is_guess = matches!(said.kind, Kind::Text | Kind::Data);
        if said.pieces.is_empty()
            || is_guess && is_known
            || said.kind == Kind::Data && !self.answers.is_empty()
        {
            return;
        }
        self.answers.clear();
        self.bytes = 0;
        self.kind = said.kind;
        self.is_news = true;
        said.pieces.iter().for_each(|piece| self.push(piece, false));
    }

    /// Takes a chunk of a stream.
    pub(in crate::llm) fn chunk(&mut self, said: &Said) {
        match said.kind {
            Kind::Whole => return self.response(said),
            Kind::Data => return,
            Kind::Known | Kind::Text => {}
        }
        self.kind = Kind::Known;
        self.is_news = true;
        said.pieces.iter().for_each(|piece| self.push(piece, true));
    }

    /// What follows belongs to another response of the same span.
    pub(in crate::llm) fn next(&mut self, reasons: &[observed::Text]) {
        let messages = self.take_messages(reasons);
        self.earlier.extend(messages);
        self.earlier.truncate(MOST);
    }

    fn push(&mut self, piece: &Piece, goes_on: bool) {
        let place = match self.answers.iter().position(|answer| answer.choice == piece.choice) {
            Some(place) => place,
            None if self.answers.len() >= MOST => return,
            None => {
                let message = Message::new("assistant", Vec::new());
                self.answers.push(Answer { choice: piece.choice, message, slots: Vec::new() });
                self.answers.len() - 1
            }
        };
        let answer = &mut self.answers[place];
        if piece.finish_reason.is_some() {
            answer.message.finish_reason.clone_from(&piece.finish_reason);
        }
        let Some(part) = &piece.part else { return };
        let room = ROOM.saturating_sub(self.bytes);
        if let Some(open) = goes_on.then(|| answer.open_part(piece.slot, part)).flatten() {
            self.bytes += append(open, part, room);
        } else if answer.message.parts.len() < MOST && weight(part) <= room {
            answer.slots.push(piece.slot);
            answer.message.parts.push(part.clone());
            self.bytes += weight(part);
        }
    }

    /// The messages, with the reasons why they ended where they do not say it themselves.
    fn take_messages(&mut self, reasons: &[observed::Text]) -> Vec<Message> {
        self.answers.sort_by_key(|answer| answer.choice);
        let answers = std::mem::take(&mut self.answers).into_iter().zip(0..);
        let messages = answers.map(|(answer, place): (Answer, usize)| {
            let reason = reasons.get(place).or(reasons.last()).map(ToString::to_string);
            let finish_reason = answer.message.finish_reason.or(reason);
            Message { finish_reason, ..answer.message }
        });
        messages.filter(|message| !message.parts.is_empty() || message.finish_reason.is_some()).collect()
    }
}

impl Answer {
    /// The part that `next` goes on with: the one with the same number, else the last one if it is of the same kind.
    fn open_part(&mut self, slot: Option<u64>, next: &Part) -> Option<&mut Part> {
        let is_same = |part: &Part| match (part, next) {
            (Part::Text(_), Part::Text(_)) | (Part::Reasoning(_), Part::Reasoning(_)) => true,
            (Part::ToolCall { .. }, Part::ToolCall { .. }) => slot.is_some(),
            _ => false,
        };
        let place = match slot {
            Some(_) => self
                .slots
                .iter()
                .zip(&self.message.parts)
                .position(|(known, part)| *known == slot && is_same(part))?,
            None => {
                self.message.parts.len().checked_sub(1).filter(|&last| is_same(&self.message.parts[last]))?
            }
        };
        self.message.parts.get_mut(place)
    }
}

/// Appends `next` to `part`, of the same kind; returns the bytes it took, `room` at most.
fn append(part: &mut Part, next: &Part, room: usize) -> usize {
    match (part, next) {
        (Part::Text(text), Part::Text(next)) | (Part::Reasoning(text), Part::Reasoning(next)) => {
            append_text(text, next, room)
        }
        (
            Part::ToolCall { id, name, arguments },
            Part::ToolCall { id: next_id, name: next_name, arguments: next },
        ) => {
            id.get_or_insert_with(|| next_id.clone().unwrap_or_default());
            name.get_or_insert_with(|| next_name.clone().unwrap_or_default());
            match (arguments, next) {
                (_, Tree::Null) => 0,
                (Tree::Text(text), Tree::Text(next)) => append_text(text, next, room),
                (arguments, next) => {
                    *arguments = next.clone();
                    0
                }
            }
        }
        _ => 0,
    }
}

fn append_text(text: &mut Text, next: &Text, room: usize) -> usize {
    let has_gap = text.is_cut();
    text.bytes += next.bytes;
    if has_gap {
        return 0;
    }
    if next.kept.len() > room {
        text.kept.truncate(before_a_secret(&text.kept, text.kept.len()).len());
        return 0;
    }
    text.kept.push_str(&next.kept);
    next.kept.len()
}

fn weight(part: &Part) -> usize {
    match part {
        Part::Text(text) | Part::Reasoning(text) => text.kept.len(),
        _ => 0,
    }
}

/// An answer that is to be written, once nothing of ours is locked: redaction is the program's code.
#[derive(Debug)]
pub(in crate::llm) struct Unwritten {
    pub(in crate::llm) key: Key,
    pub(in crate::llm) output: Output,
    pub(in crate::llm) reasons: Vec<observed::Text>,
}

impl Unwritten {
    pub(in crate::llm) fn write(mut self) {
        let Some(content) = policy::policy() else { return };
        let now = self.output.take_messages(&self.reasons);
        let messages = self.output.earlier.into_iter().chain(now);
        let answers: Vec<Tree> = messages.map(Message::into_answer).collect();
        if !answers.is_empty() {
            let messages = Tree::List(answers);
            write::messages(&self.key, semconv::GEN_AI_OUTPUT_MESSAGES, messages, &content);
        }
    }
}
