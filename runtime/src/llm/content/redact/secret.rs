//! Keys of services and bearer tokens.

use std::ops::Range;

use super::Pattern;

/// How keys begin, the bytes that follow at least, and the other bytes than letters and digits that are in them.
const KEYS: [(&str, usize, &str); 20] = [
    ("sk-", 20, "-_"),
    ("sk_live_", 16, ""),
    ("sk_test_", 16, ""),
    ("rk_live_", 16, ""),
    ("rk_test_", 16, ""),
    ("AKIA", 16, ""),
    ("ASIA", 16, ""),
    ("AIza", 35, "-_"),
    ("ghp_", 36, ""),
    ("gho_", 36, ""),
    ("ghu_", 36, ""),
    ("ghs_", 36, ""),
    ("ghr_", 36, ""),
    ("github_pat_", 22, "_"),
    ("glpat-", 20, "-_"),
    ("hf_", 30, ""),
    ("npm_", 36, ""),
    ("gsk_", 40, ""),
    ("xapp-", 10, "-"),
    ("xox", 12, "-"),
];

/// The secret that begins at `at`, which is the beginning of a word.
pub(super) fn at(text: &str, at: usize) -> Option<(Range<usize>, Pattern)> {
    let rest = &text[at..];
    if let Some(end) = key(rest).or_else(|| private_key(rest)) {
        return Some((at..at + end, Pattern::Key));
    }
    web_token(rest).map(|end| (at..at + end, Pattern::Token)).or_else(|| {
        let found = bearer(rest)?;
        Some((at + found.start..at + found.end, Pattern::Token))
    })
}

fn key(rest: &str) -> Option<usize> {
    KEYS.iter().find_map(|(prefix, least, also)| {
        let secret = rest.strip_prefix(prefix)?;
        let length = run(secret, also);
        // Words joined by hyphens have no digits.
        let is_random = secret[..length].bytes().any(|byte| byte.is_ascii_digit());
        (length >= *least && is_random).then_some(prefix.len() + length)
    })
}

/// A private key in PEM, to its end, or as far as it is there.
fn private_key(rest: &str) -> Option<usize> {
    let header = rest.strip_prefix("-----BEGIN ")?;
    let (kind, _) = header.split_once("-----")?;
    if !kind.ends_with("PRIVATE KEY") {
        return None;
    }
    let end = rest.find("-----END ").and_then(|end| Some(end + 9 + rest[end + 9..].find("-----")? + 5));
    Some(end.unwrap_or(rest.len()))
}

/// A JSON web token: three pieces in base64, the first of which is a JSON object.
fn web_token(rest: &str) -> Option<usize> {
    if !rest.starts_with("eyJ") {
        return None;
    }
    let length = run(rest, "-_.");
    let mut pieces = rest[..length].split('.');
    let is_long = |piece: Option<&str>| piece.is_some_and(|piece| piece.len() >= 8);
    (is_long(pieces.next()) && is_long(pieces.next()) && pieces.next().is_some()).then_some(length)
}

/// What follows the word `Bearer`: not a word, but something with a digit in it or very long.
fn bearer(rest: &str) -> Option<Range<usize>> {
    let (word, _) = rest.split_at_checked(6)?;
    if !word.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let gap = rest[6..].bytes().take_while(|byte| matches!(byte, b' ' | b':')).count();
    let token = &rest[6 + gap..];
    let length = run(token, "-._~+/=");
    let is_random = length >= 40 || length >= 12 && token[..length].bytes().any(|byte| byte.is_ascii_digit());
    (gap > 0 && is_random).then_some(6 + gap..6 + gap + length)
}

/// How many letters, digits and bytes of `also` `text` begins with.
fn run(text: &str, also: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || also.as_bytes().contains(byte)).count()
}
