//! The errors of one attribute, collected so that they are shown together.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Notes an error at `span`.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Notes an error of the parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Notes the error of `result`, if it is one.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Notes all of `other`.
    pub(crate) fn extend(&mut self, other: Self) {
        other.0.into_iter().for_each(|error| self.push(error));
    }

    /// All of them as one; nothing when there are none.
    pub(crate) fn into_result(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// `compile_error!` for each of them; `None` when there are none.
    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(|errors| errors.into_compile_error())
    }
}

/// What to say of a word that is none of `valid`: the nearest one when there is one, and all of them.
pub(crate) fn unknown(what: &str, word: &str, valid: &[&str]) -> String {
    if valid.is_empty() {
        return format!("unknown {what} `{word}`: there is none");
    }
    let guess = match nearest(word, valid) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    format!("unknown {what} `{word}`{guess}\nvalid: {}", list(valid))
}

/// The words in backticks, separated by commas.
pub(crate) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn nearest<'a>(word: &str, valid: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let (distance, near) = valid.iter().map(|candidate| (distance(&word, candidate), *candidate)).min()?;
    // Of a word of one letter nothing would be left.
    (distance <= (word.len().max(near.len()) / 3).max(1) && distance < word.len()).then_some(near)
}

/// How many letters have to be inserted, removed, replaced, or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(rows[i - 2][j - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_finds_its_word() {
        let valid = ["fields", "skip", "skip_all", "level", "err"];
        assert_eq!(nearest("feilds", &valid), Some("fields"));
        assert_eq!(nearest("skipall", &valid), Some("skip_all"));
        assert_eq!(nearest("Level", &valid), Some("level"));
        assert_eq!(nearest("colour", &valid), None);
        assert_eq!(nearest("_", &["a", "b"]), None);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_valid_ones() {
        assert_eq!(
            unknown("argument", "naem", &["name", "kind"]),
            "unknown argument `naem`; did you mean `name`?\nvalid: `name`, `kind`"
        );
    }
}
