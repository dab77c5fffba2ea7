//! The values of expressions such as `(1 + 2) / 3`.

use std::iter::Peekable;
use std::str::Chars;

use anyhow::Context as _;

/// The value of an expression with `+`, `-`, `*`, `/` and parentheses.
pub(crate) fn value(expression: &str) -> anyhow::Result<f64> {
    let without_spaces: String = expression.split_whitespace().collect();
    let mut rest = without_spaces.chars().peekable();
    let value = sum(&mut rest)?;
    anyhow::ensure!(rest.peek().is_none(), "{expression:?} does not end after {value}");
    anyhow::ensure!(value.is_finite(), "{expression:?} has no value");
    Ok(value)
}

fn sum(rest: &mut Peekable<Chars<'_>>) -> anyhow::Result<f64> {
    let mut value = product(rest)?;
    while let Some(sign) = rest.next_if(|c| matches!(c, '+' | '-')) {
        let next = product(rest)?;
        value = if sign == '+' { value + next } else { value - next };
    }
    Ok(value)
}

fn product(rest: &mut Peekable<Chars<'_>>) -> anyhow::Result<f64> {
    let mut value = factor(rest)?;
    while let Some(sign) = rest.next_if(|c| matches!(c, '*' | '/')) {
        let next = factor(rest)?;
        value = if sign == '*' { value * next } else { value / next };
    }
    Ok(value)
}

fn factor(rest: &mut Peekable<Chars<'_>>) -> anyhow::Result<f64> {
    if rest.next_if_eq(&'-').is_some() {
        return Ok(-number_or_group(rest)?);
    }
    number_or_group(rest)
}

fn number_or_group(rest: &mut Peekable<Chars<'_>>) -> anyhow::Result<f64> {
    if rest.next_if_eq(&'(').is_some() {
        let value = sum(rest)?;
        rest.next_if_eq(&')').context("a parenthesis is not closed")?;
        return Ok(value);
    }
    let mut digits = String::new();
    while let Some(digit) = rest.next_if(|c| c.is_ascii_digit() || *c == '.') {
        digits.push(digit);
    }
    digits.parse().with_context(|| format!("expected a number, not {:?}", digits + &String::from_iter(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_go_before_sums_and_parentheses_before_both() {
        assert_eq!(value("1 + 2 * 3 - 8 / 4").unwrap(), 5.0);
        assert_eq!(value("-(1 + 2) * 3").unwrap(), -9.0);
        assert_eq!(value("3105 / 200").unwrap(), 15.525);
    }

    #[test]
    fn what_is_no_expression_is_an_error_that_says_where() {
        let error = |expression| value(expression).unwrap_err().to_string();
        assert_eq!(error("1 + two"), "expected a number, not \"two\"");
        assert_eq!(error("1)"), "\"1)\" does not end after 1");
        assert_eq!(error("(1"), "a parenthesis is not closed");
        assert_eq!(error("1 / 0"), "\"1 / 0\" has no value");
    }
}
