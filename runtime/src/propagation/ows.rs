//! Optional white space, as [HTTP](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3) has it around list members.

/// More than a list may have, whichever header it is: what is longer is not looked at.
pub(super) const LONGEST_LIST: usize = 64 * 1024;

/// The text without the spaces and tabs around it.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// The members of a comma-separated list that are not empty.
pub(super) fn members(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').map(trim).filter(|member| !member.is_empty())
}
