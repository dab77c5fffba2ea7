//! The header [`tracestate`](https://www.w3.org/TR/trace-context-2/#tracestate-header): what other tracing systems
//! want passed on.

use crate::propagation::ows::{LONGEST_LIST, members};

/// The number of members a list can have.
const MAX_MEMBERS: usize = 32;
/// The number of characters of a key, and of a value.
const MAX_PART: usize = 256;
/// The number of characters passed on. The recommendation asks for 512 at least; servers commonly refuse requests with
/// more than 8 KiB of headers, and this is not the only one.
const MAX_LEN: usize = 4096;
/// Members longer than this go first when a list is too long.
const LONG_MEMBER: usize = 128;

/// The value to pass on, from all headers of the name joined by commas: without optional white space, empty members
/// and repeated keys, cut to a length that other servers take. `None` when nothing is left, and when a member is
/// malformed or one too many: then the recommendation wants the whole list discarded.
pub(super) fn parse(list: &[u8]) -> Option<String> {
    if list.len() > LONGEST_LIST {
        return None;
    }
    let mut kept = Vec::<Member<'_>>::new();
    for (index, text) in members(list).enumerate() {
        let member = Member::parse(text).filter(|_| index < MAX_MEMBERS)?;
        // Who writes a member writes it on the left: of several with one key the first is the newest.
        if kept.iter().all(|known| known.key() != member.key()) {
            kept.push(member);
        }
    }
    cut(&mut kept);
    let texts: Vec<&str> = kept.iter().map(|member| member.text).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// The value of the member with this key.
pub(super) fn member<'a>(list: &'a str, key: &str) -> Option<&'a str> {
    list.split(',').find_map(|member| member.strip_prefix(key)?.strip_prefix('='))
}

/// The list with a member in front that it did not have, and without the last one that is too many then.
pub(super) fn with_member(list: &str, key: &str, value: &str) -> String {
    let rest = list.split(',').filter(|member| !member.is_empty()).take(MAX_MEMBERS - 1);
    rest.fold(format!("{key}={value}"), |list, member| list + "," + member)
}

/// Drops whole members, as the recommendation says: long ones first, then from the end.
fn cut(members: &mut Vec<Member<'_>>) {
    let len = |members: &[Member<'_>]| members.iter().map(|member| member.text.len() + 1).sum::<usize>();
    while len(members) > MAX_LEN + 1 {
        let long = members.iter().rposition(|member| member.text.len() > LONG_MEMBER);
        members.remove(long.unwrap_or(members.len() - 1));
    }
}

/// A key and a value that follow the grammar.
struct Member<'a> {
    text: &'a str,
    /// Where the `=` is.
    equals: usize,
}

impl<'a> Member<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let equals = text.iter().position(|byte| *byte == b'=')?;
        if !is_key(&text[..equals]) || !is_value(&text[equals + 1..]) {
            return None;
        }
        let text = std::str::from_utf8(text).ok()?;
        Some(Self { text, equals })
    }

    fn key(&self) -> &'a str {
        &self.text[..self.equals]
    }
}

/// A lower-case letter or digit, then up to 255 of those and `_ - * / @`. Level 2 no longer limits what is before and
/// after the `@` of a key with a tenant.
fn is_key(key: &[u8]) -> bool {
    let is_start = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.first().is_some_and(is_start)
        && key.len() <= MAX_PART
        && key.iter().all(|byte| is_start(byte) || b"_-*/@".contains(byte))
}

/// Up to 256 printable characters but `,` and `=`; white space after it is not part of it.
fn is_value(value: &[u8]) -> bool {
    let is_allowed = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'=';
    (1..=MAX_PART).contains(&value.len()) && value.iter().all(is_allowed)
}
