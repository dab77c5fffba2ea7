//! What is recorded of an update.

use std::collections::BTreeSet;

use teloxide::types::{Chat, Message, Update, UpdateKind};
use teloxide::utils::command::parse_command;
use throughline::propagation::entry_span;
use throughline::span::{Callsite, Kind};
use throughline::{Span, semconv};

static UPDATE: Callsite =
    Callsite::new("telegram update", module_path!(), file!(), line!(), &[]).with_kind(Kind::Consumer);

/// Telegram sends no context.
const NO_HEADERS: [(&str, &str); 0] = [];

/// Opens the span of an update.
pub(crate) fn entry() -> Span {
    entry_span(&UPDATE, &NO_HEADERS)
}

/// Names the span, and records what is no personal data.
pub(crate) fn describe(span: &Span, update: &Update, command: Option<&str>) {
    let kind = kind(&update.kind);
    match command {
        Some(command) => span.rename(&format!("telegram {kind} /{command}")),
        None => span.rename(&format!("telegram {kind}")),
    }
    span.set(semconv::TELEGRAM_UPDATE_ID, update.id.0);
    span.set(semconv::TELEGRAM_UPDATE_KIND, kind);
    span.set(semconv::TELEGRAM_CHAT_TYPE, update.chat().and_then(chat_type));
    span.set(semconv::TELEGRAM_COMMAND, command);
}

/// Records whose update it is.
pub(crate) fn identify(span: &Span, update: &Update) {
    span.set(semconv::TELEGRAM_CHAT_ID, update.chat().map(|chat| chat.id.0));
    span.set(semconv::USER_ID, update.from().map(|user| user.id.0.to_string()));
}

/// The command of a message to the bot with this username, if it is one of these. Nothing else of the text is looked at:
/// names of spans must be few.
pub(crate) fn command<'a>(
    update: &Update,
    username: Option<&str>,
    known: &'a BTreeSet<String>,
) -> Option<&'a str> {
    let message = message(&update.kind)?;
    let text = message.text().or_else(|| message.caption())?;
    let (command, _) = parse_command(text, username.unwrap_or_default())?;
    known.get(command).map(String::as_str)
}

fn message(kind: &UpdateKind) -> Option<&Message> {
    match kind {
        UpdateKind::Message(message)
        | UpdateKind::EditedMessage(message)
        | UpdateKind::ChannelPost(message)
        | UpdateKind::EditedChannelPost(message)
        | UpdateKind::BusinessMessage(message)
        | UpdateKind::EditedBusinessMessage(message) => Some(message),
        _ => None,
    }
}

/// The name of an update's field in the [Bot API](https://core.telegram.org/bots/api#update).
fn kind(kind: &UpdateKind) -> &'static str {
    match kind {
        UpdateKind::Message(_) => "message",
        UpdateKind::EditedMessage(_) => "edited_message",
        UpdateKind::ChannelPost(_) => "channel_post",
        UpdateKind::EditedChannelPost(_) => "edited_channel_post",
        UpdateKind::BusinessConnection(_) => "business_connection",
        UpdateKind::BusinessMessage(_) => "business_message",
        UpdateKind::EditedBusinessMessage(_) => "edited_business_message",
        UpdateKind::DeletedBusinessMessages(_) => "deleted_business_messages",
        UpdateKind::MessageReaction(_) => "message_reaction",
        UpdateKind::MessageReactionCount(_) => "message_reaction_count",
        UpdateKind::InlineQuery(_) => "inline_query",
        UpdateKind::ChosenInlineResult(_) => "chosen_inline_result",
        UpdateKind::CallbackQuery(_) => "callback_query",
        UpdateKind::ShippingQuery(_) => "shipping_query",
        UpdateKind::PreCheckoutQuery(_) => "pre_checkout_query",
        UpdateKind::PurchasedPaidMedia(_) => "purchased_paid_media",
        UpdateKind::Poll(_) => "poll",
        UpdateKind::PollAnswer(_) => "poll_answer",
        UpdateKind::MyChatMember(_) => "my_chat_member",
        UpdateKind::ChatMember(_) => "chat_member",
        UpdateKind::ChatJoinRequest(_) => "chat_join_request",
        UpdateKind::ChatBoost(_) => "chat_boost",
        UpdateKind::RemovedChatBoost(_) => "removed_chat_boost",
        UpdateKind::Error(_) => "update",
    }
}

/// The type of a chat in the [Bot API](https://core.telegram.org/bots/api#chat).
fn chat_type(chat: &Chat) -> Option<&'static str> {
    Some(match () {
        () if chat.is_private() => "private",
        () if chat.is_group() => "group",
        () if chat.is_supergroup() => "supergroup",
        () if chat.is_channel() => "channel",
        () => return None,
    })
}
