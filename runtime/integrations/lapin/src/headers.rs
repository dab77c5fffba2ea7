//! The headers of a message as a carrier.

use lapin::BasicProperties;
use lapin::protocol::basic::gen_properties;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use throughline::propagation::{Extract, Inject};

/// How many bytes the properties of a message may have: RabbitMQ closes the connection over a frame of more than 128 KiB,
/// unless it is set up otherwise, and 20 bytes of it are about the frame and the body.
const LARGEST: usize = 128 * 1024 - 20;

/// Headers that are read. Text counts, whatever its type, and integers; an array stands for its elements.
#[derive(Debug)]
pub(crate) struct Received<'a>(pub(crate) Option<&'a FieldTable>);

impl Extract for Received<'_> {
    fn each(&self, key: &str, value: &mut dyn FnMut(&[u8])) {
        let same = self.0.into_iter().flatten().filter(|(known, _)| is_same(known, key));
        same.for_each(|(_, found)| match found {
            AMQPValue::FieldArray(elements) => {
                elements.as_slice().iter().for_each(|element| text(element, value));
            }
            found => text(found, value),
        });
    }

    fn each_key(&self, key: &mut dyn FnMut(&str)) {
        self.0.into_iter().flatten().for_each(|(known, _)| key(known.as_str()));
    }
}

fn text(found: &AMQPValue, value: &mut dyn FnMut(&[u8])) {
    match found {
        AMQPValue::LongString(text) => value(text.as_bytes()),
        AMQPValue::ShortString(text) => value(text.as_str().as_bytes()),
        AMQPValue::ByteArray(bytes) => value(bytes.as_slice()),
        found => {
            if let Some(number) = integer(found) {
                value(number.to_string().as_bytes());
            }
        }
    }
}

/// The integer, of whatever size it was sent in.
pub(crate) fn integer(found: &AMQPValue) -> Option<i64> {
    Some(match *found {
        AMQPValue::ShortShortInt(number) => number.into(),
        AMQPValue::ShortShortUInt(number) => number.into(),
        AMQPValue::ShortInt(number) => number.into(),
        AMQPValue::ShortUInt(number) => number.into(),
        AMQPValue::LongInt(number) => number.into(),
        AMQPValue::LongUInt(number) => number.into(),
        AMQPValue::LongLongInt(number) => number,
        _ => return None,
    })
}

/// Headers that are written.
#[derive(Debug)]
struct Sent(FieldTable);

impl Inject for Sent {
    fn contains(&self, key: &str) -> bool {
        self.0.inner().keys().any(|known| is_same(known, key))
    }

    fn set(&mut self, key: &str, value: &str) {
        self.remove(key);
        // The table's own conversion panics over a key that is too long.
        if let Ok(key) = ShortString::try_new(key) {
            self.0.insert(key, AMQPValue::LongString(LongString::from(value)));
        }
    }

    fn remove(&mut self, key: &str) {
        if self.contains(key) {
            let mut headers = self.0.inner().clone();
            headers.retain(|known, _| !is_same(known, key));
            self.0 = headers.into();
        }
    }
}

/// The properties with the current context in the headers. Where it would make them too large to be sent, without.
pub(crate) fn with_context(properties: BasicProperties) -> BasicProperties {
    let mut headers = Sent(properties.headers().clone().unwrap_or_default());
    throughline::inject(&mut headers);
    if headers.0.inner().is_empty() {
        return properties;
    }
    let with_context = properties.clone().with_headers(headers.0);
    if size(&with_context) <= LARGEST { with_context } else { properties }
}

/// The number of bytes that they have on the wire.
fn size(properties: &BasicProperties) -> usize {
    gen_properties(properties)(Vec::new().into()).map_or(usize::MAX, |written| written.write.len())
}

fn is_same(known: &ShortString, key: &str) -> bool {
    known.as_str().eq_ignore_ascii_case(key)
}
