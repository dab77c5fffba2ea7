//! `key=value,key=value`, percent-encoded, as headers and resource attributes are given.

use percent_encoding::percent_decode_str;

/// The decoded pairs, each as it stands in the list. Empty members are left out. `Err` is the position of a member
/// that is malformed, from 1: its text may be a secret. The form is that of
/// [W3C Baggage](https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables)
/// without metadata.
pub(super) fn parse(list: &str) -> impl Iterator<Item = Result<(String, String), usize>> + '_ {
    let members = list.split(',').enumerate().filter(|(_, member)| !member.trim().is_empty());
    members.map(|(index, member)| pair(member).ok_or(index + 1))
}

fn pair(member: &str) -> Option<(String, String)> {
    let (key, value) = member.split_once('=')?;
    let key = decode(key.trim())?;
    Some((key, decode(value.trim())?)).filter(|(key, _)| !key.is_empty())
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(String::from)
}
