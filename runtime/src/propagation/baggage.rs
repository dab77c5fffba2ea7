//! The header [`baggage`](https://www.w3.org/TR/baggage/).

use std::borrow::Cow;

use crate::context::baggage::Baggage;
use crate::propagation::ows::{LONGEST_LIST, members, trim};

/// The number of values read and written; the recommendation asks for 64 at least, OpenTelemetry has the same number.
pub(super) const MAX_MEMBERS: usize = 180;
/// The number of characters read and written: what the recommendation asks for at least.
pub(super) const MAX_LEN: usize = 8192;

/// Adds what all headers of the name have, joined by commas. Members that are malformed or over the limits are left out.
pub(super) fn parse(list: &[u8], baggage: &mut Baggage) {
    let mut len = 0;
    for member in members(whole_members(list)).take(MAX_MEMBERS) {
        len += member.len() + 1;
        if len > MAX_LEN + 1 {
            break;
        }
        if let Some((name, value, properties)) = parse_member(member) {
            baggage.set(name, &value, properties);
        }
    }
}

/// The list without a last member that is not all there.
fn whole_members(list: &[u8]) -> &[u8] {
    if list.len() <= LONGEST_LIST {
        return list;
    }
    let end = list.iter().rposition(|byte| *byte == b',');
    &list[..end.unwrap_or_default()]
}

fn parse_member(member: &[u8]) -> Option<(&str, Cow<'_, str>, &str)> {
    let member = std::str::from_utf8(member).ok()?;
    let (pair, properties) = member.split_once(';').unwrap_or((member, ""));
    let (name, value) = pair.split_once('=')?;
    let (name, value) = (trim(name.as_bytes()), trim(value.as_bytes()));
    if !is_token(name) || !value.iter().all(is_octet) || !is_properties(properties) {
        return None;
    }
    Some((std::str::from_utf8(name).ok()?, decode(value), properties.trim_matches([' ', '\t'])))
}

/// The value of the header; `None` when there is nothing to write.
pub(super) fn write(baggage: &Baggage) -> Option<String> {
    let mut list = String::new();
    for (name, value, properties) in baggage.iter().take(MAX_MEMBERS) {
        let before = list.len();
        if is_token(name.as_bytes()) {
            write_member(&mut list, name, value, properties);
        }
        if list.len() > MAX_LEN {
            list.truncate(before);
            break;
        }
    }
    (!list.is_empty()).then_some(list)
}

fn write_member(list: &mut String, name: &str, value: &str, properties: &str) {
    if !list.is_empty() {
        list.push(',');
    }
    list.push_str(name);
    list.push('=');
    encode(list, value);
    if !properties.is_empty() && is_properties(properties) {
        list.push(';');
        list.push_str(properties);
    }
}

/// A token of HTTP.
pub(super) fn is_token(name: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !name.is_empty() && name.iter().all(is_allowed)
}

/// What a value may consist of: printable characters but `" , ; \`.
fn is_octet(byte: &u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(byte)
}

fn is_properties(properties: &str) -> bool {
    properties.bytes().all(|byte| is_octet(&byte) || b"; \t".contains(&byte))
}

/// Replaces `%` and two hex digits by the byte they stand for. What is not UTF-8 then becomes U+FFFD.
pub(super) fn decode(value: &[u8]) -> Cow<'_, str> {
    if !value.contains(&b'%') {
        return String::from_utf8_lossy(value);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        let escaped = (*byte == b'%').then(|| after.first_chunk().and_then(hex)).flatten();
        bytes.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

/// Writes what the grammar has no place for as `%` and two hex digits for each byte.
pub(super) fn encode(list: &mut String, value: &str) {
    for byte in value.bytes() {
        if is_octet(&byte) && byte != b'%' {
            list.push(char::from(byte));
        } else {
            const DIGITS: [char; 16] =
                ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            list.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}
