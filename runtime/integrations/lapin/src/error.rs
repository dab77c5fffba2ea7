//! Why a message was not published.

use lapin::message::BasicReturnMessage;
use lapin::protocol::AMQPErrorKind;
use lapin::{Confirmation, Error, ErrorKind};
use throughline::Span;

/// Writes on the span what became of the message.
pub(crate) fn record(span: &Span, confirmed: &lapin::Result<Confirmation>) {
    match confirmed {
        Err(error) => fail(span, error),
        Ok(Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned))) => {
            span.fail(&reason(returned), returned.reply_text.as_str());
        }
        Ok(Confirmation::Nack(None)) => span.fail("nack", "the broker did not take the message"),
        Ok(Confirmation::Ack(None) | Confirmation::NotRequested) => {}
    }
}

/// Marks the span of a message that did not reach the broker.
pub(crate) fn fail(span: &Span, error: &Error) {
    let kind = match error.kind() {
        ErrorKind::ProtocolError(error) => name(error.kind()),
        ErrorKind::IOError(_) => "io".to_owned(),
        _ => "lapin::Error".to_owned(),
    };
    span.fail(&kind, &error.to_string());
}

/// Why it came back, as AMQP calls it: `NO-ROUTE`.
fn reason(returned: &BasicReturnMessage) -> String {
    returned.error().map_or_else(|| returned.reply_code.to_string(), |error| name(error.kind()))
}

fn name(kind: &AMQPErrorKind) -> String {
    match kind {
        AMQPErrorKind::Soft(error) => error.to_string(),
        AMQPErrorKind::Hard(error) => error.to_string(),
    }
}
