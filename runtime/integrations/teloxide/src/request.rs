//! Calls of the Bot API.

use std::error::Error;

use teloxide::RequestError;
use teloxide::requests::{Output, Payload, Request};
use throughline::span::{Callsite, Kind, current};
use throughline::{FutureExt as _, Span, semconv};

static CALL: Callsite =
    Callsite::new("telegram", module_path!(), file!(), line!(), &[]).with_kind(Kind::Client);

/// `send` with a span.
pub trait RequestExt: Request<Err = RequestError> {
    /// Sends the request with a span of kind client, `telegram sendMessage`, that fails with it. The span begins here, and is
    /// a child of what is current here. Neither the bot's token nor what is sent is recorded.
    ///
    /// ```
    /// use teloxide::prelude::*;
    /// use throughline_teloxide::RequestExt;
    ///
    /// # async fn example(bot: Bot, chat: ChatId) -> ResponseResult<()> {
    /// bot.send_message(chat, "done").send_traced().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Request::send`].
    fn send_traced(self) -> impl Future<Output = Result<Output<Self>, RequestError>> + Send;
}

impl<R: Request<Err = RequestError>> RequestExt for R {
    fn send_traced(self) -> impl Future<Output = Result<Output<Self>, RequestError>> + Send {
        let span = Span::new(&CALL);
        let is_recorded = span.is_recording();
        if is_recorded {
            let method = method(R::Payload::NAME);
            span.rename(&format!("telegram {method}"));
            span.set(semconv::TELEGRAM_METHOD, method);
        }
        let sent = self.send();
        let observed = async move {
            let result = sent.await;
            if let (true, Err(error)) = (is_recorded, &result) {
                current::fail(kind(error), &message(error));
            }
            result
        };
        observed.in_span(span)
    }
}

/// The name of a method in the [Bot API](https://core.telegram.org/bots/api#available-methods). teloxide has two requests for
/// some, of which one ends with `Inline`.
fn method(payload: &str) -> String {
    let name = payload.trim_end_matches("Inline");
    let (first, rest) = name.split_at(name.ceil_char_boundary(1));
    first.to_ascii_lowercase() + rest
}

/// The kind of an error, one of few.
fn kind(error: &RequestError) -> &'static str {
    match error {
        RequestError::Api(_) => "api",
        RequestError::MigrateToChatId(_) => "migrate_to_chat_id",
        RequestError::RetryAfter(_) => "retry_after",
        RequestError::Network(_) => "network",
        RequestError::InvalidJson { .. } => "invalid_json",
        RequestError::Io(_) => "io",
    }
}

/// What an error says: of the network without the URL, which has the token; of an answer that cannot be read without that.
fn message(error: &RequestError) -> String {
    match error {
        RequestError::Network(error) => causes(error.as_ref()),
        RequestError::InvalidJson { source, .. } => source.to_string(),
        RequestError::MigrateToChatId(_) => String::from("the group is a supergroup now"),
        other => other.to_string(),
    }
}

/// What is below an error, from the nearest on.
fn causes(error: &dyn Error) -> String {
    let causes: Vec<String> =
        std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string).collect();
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_the_names_of_the_bot_api() {
        for (payload, name) in
            [("SendMessage", "sendMessage"), ("EditMessageTextInline", "editMessageText"), ("", "")]
        {
            assert_eq!(method(payload), name);
        }
    }
}
