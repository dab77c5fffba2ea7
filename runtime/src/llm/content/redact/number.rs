//! Payment cards and phone numbers.

use std::ops::Range;

use super::Pattern;

/// The card or phone number that begins at `at`.
pub(super) fn at(bytes: &[u8], at: usize, patterns: &[Pattern]) -> Option<(Range<usize>, Pattern)> {
    let asks = |pattern, marks| patterns.contains(&pattern) && !is_fraction(bytes, at, marks);
    let card = || card(bytes, at).map(|end| (at..end, Pattern::Card));
    let phone = || phone(bytes, at).map(|end| (at..end, Pattern::Phone));
    let card = asks(Pattern::Card, b".").then(card).flatten();
    card.or_else(|| asks(Pattern::Phone, b".,").then(phone).flatten())
}

/// Where the card number at `at` ends: groups of 13 to 19 digits altogether, of a network, with the right check digit.
fn card(bytes: &[u8], at: usize) -> Option<usize> {
    if !matches!(bytes[at], b'2'..=b'6') {
        return None;
    }
    let mut digits = Vec::with_capacity(19);
    let mut found = None;
    let mut end = at;
    loop {
        let group = digits_at(bytes, end);
        digits.extend(bytes[end..end + group].iter().map(|digit| digit - b'0'));
        end += group;
        if group == 0 || digits.len() > 19 {
            return found;
        }
        if digits.len() >= 13 && is_checked(&digits) && ends(bytes, end, b".") {
            found = Some(end);
        }
        match bytes.get(end) {
            Some(b' ' | b'-') => end += 1,
            _ => return found,
        }
    }
}

/// The check of Luhn.
fn is_checked(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, digit) {
            (0, digit) => digit,
            (_, digit @ 0..=4) => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .map(u32::from)
        .sum();
    sum.is_multiple_of(10)
}

/// Where the phone number at `at` ends: behind the last group of digits with which it is one.
fn phone(bytes: &[u8], at: usize) -> Option<usize> {
    let mut number = Phone { begins_with: &bytes[at..], groups: Vec::new(), digits: 0 };
    let mut found = None;
    let mut end = at + usize::from(bytes[at] == b'+');
    loop {
        let in_brackets = bytes.get(end) == Some(&b'(');
        let begin = end + usize::from(in_brackets);
        let group = digits_at(bytes, begin);
        let is_closed = !in_brackets || bytes.get(begin + group) == Some(&b')');
        let is_card =
            !number.groups.is_empty() && bytes.get(begin).is_some_and(|_| card(bytes, begin).is_some());
        if group == 0 || !is_closed || is_card || number.digits + group > 15 {
            return found;
        }
        number.groups.push(group);
        number.digits += group;
        end = begin + group + usize::from(in_brackets);
        if number.is_whole() && ends(bytes, end, b".,:") {
            found = Some(end);
        }
        if matches!(bytes.get(end), Some(b' ' | b'-' | b'.' | b'/')) {
            end += 1;
        } else if bytes.get(end) != Some(&b'(') && !in_brackets {
            return found;
        }
    }
}

/// What may be a phone number, as far as it was read.
struct Phone<'a> {
    begins_with: &'a [u8],
    /// How many digits each group has.
    groups: Vec<usize>,
    digits: usize,
}

impl Phone<'_> {
    fn is_whole(&self) -> bool {
        let begins = |with: &[u8]| self.begins_with.starts_with(with);
        let is_date = self.groups.starts_with(&[2, 2, 4]);
        let is_national = self.groups.len() > 1 && (begins(b"0") || begins(b"(0")) && !is_date;
        let is_dialled = self.groups.len() == 1 && begins(b"00") && !begins(b"000");
        match self.digits {
            8..=15 if begins(b"+") => true,
            9..=15 if is_national => true,
            11..=15 if is_dialled => true,
            10 => self.groups == [3, 3, 4],
            11 => self.groups == [1, 3, 3, 4] && begins(b"1"),
            _ => false,
        }
    }
}

fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a number can end at `at`: it is no part of a word, and no digits follow behind one of `marks`. A comma is none of a
/// card's: it stands between the fields of a list.
fn ends(bytes: &[u8], at: usize, marks: &[u8]) -> bool {
    let next = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let goes_on = next(at).is_ascii_alphanumeric() || next(at) == b'_';
    let has_decimals = marks.contains(&next(at)) && next(at + 1).is_ascii_digit();
    !goes_on && !has_decimals
}

/// Whether the digits at `at` are the decimals of a number, behind one of `marks`.
fn is_fraction(bytes: &[u8], at: usize, marks: &[u8]) -> bool {
    let is_behind =
        |before: &[u8]| matches!(before, [.., digit, mark] if digit.is_ascii_digit() && marks.contains(mark));
    bytes[at].is_ascii_digit() && is_behind(&bytes[..at])
}
