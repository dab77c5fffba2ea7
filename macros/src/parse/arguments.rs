//! The arguments of an attribute.

use std::mem::discriminant;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::VisitMut as _;
use syn::{Expr, Ident, LitBool, LitStr, Path, Token, parenthesized, token};

use crate::diagnostics::{Errors, list as list_of, unknown};
use crate::model::Operation;
use crate::parse::{Captured, Field, Held, Shape, Sigil, Slot, slot_of, words_of};

/// The arguments of an attribute.
pub(crate) struct Arguments {
    pub(crate) operation: &'static Operation,
    pub(crate) given: Vec<Argument>,
    /// `skip` alone: the function is left out of its place.
    pub(crate) left_out: Option<Span>,
    pub(crate) within: Option<Within>,
}

/// The attribute of the place that a function or another place is in.
pub(crate) enum Within {
    /// It has errors, which are shown where it is.
    Broken,
    Place(Box<Arguments>),
}

/// One argument, with the place of its name.
pub(crate) struct Argument {
    pub(crate) slot: &'static Slot,
    pub(crate) span: Span,
    pub(crate) given: Given,
}

/// What was written after the name.
pub(crate) enum Given {
    Flag(bool),
    Expr(Expr),
    /// `= %value`: the value of an attribute.
    Value(Sigil, Expr),
    Names(Vec<Ident>),
    /// `skip` alone.
    LeftOut,
    Within(Within),
    Fields(Vec<Field>),
    /// `capture(..)`.
    Captured(Vec<Captured>),
    /// `None` for `= false`.
    Report(Option<Report>),
    Path(Path),
}

/// How an error or a returned value is reported: `err(Debug, level = "warn")`.
#[derive(Default)]
pub(crate) struct Report {
    /// The word `Debug` or `Display`, with its place.
    pub(crate) format: Option<Ident>,
    pub(crate) level: Option<Expr>,
}

impl Arguments {
    /// Reads all arguments. A broken one is noted, and reading goes on after the next comma.
    pub(crate) fn read(operation: &'static Operation, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self { operation, given: Vec::new(), left_out: None, within: None };
        let (mut given, mut found) = (Vec::new(), Errors::default());
        let parse = |input: ParseStream<'_>| {
            (given, found) = separated(input, |input| argument(operation, input));
            Ok(())
        };
        let left_over = parse.parse2(tokens);
        // What a broken part did not read is not an error of its own.
        if found.is_empty() {
            errors.ok(left_over);
        }
        errors.extend(found);
        given.into_iter().for_each(|argument| arguments.note(argument, errors));
        arguments
    }

    fn note(&mut self, argument: Argument, errors: &mut Errors) {
        let Argument { slot, span, given } = argument;
        let is_left_out = slot.shape == Shape::Skip && self.left_out.is_some();
        if is_left_out || self.given.iter().any(|earlier| earlier.is_of(slot, &given)) {
            errors.at(span, format!("`{}` is given twice", slot.name));
            return;
        }
        let same = self.given.iter().find(|earlier| slot.key.is_some() && earlier.slot.key == slot.key);
        if let Some(same) = same {
            let (word, same) = (slot.name, same.slot.name);
            errors.at(span, format!("`{word}` and `{same}` mean the same: give one of them"));
            return;
        }
        match given {
            Given::LeftOut => self.left_out = Some(span),
            Given::Within(within) => self.within = Some(within),
            given => self.given.push(Argument { slot, span, given }),
        }
    }
}

impl Argument {
    /// Whether it is the argument of this slot. `capture` has two forms, which have nothing to do with each other.
    pub(crate) fn is_of(&self, slot: &Slot, given: &Given) -> bool {
        let is_same_form = slot.shape != Shape::Capture || discriminant(&self.given) == discriminant(given);
        self.slot.name == slot.name && is_same_form
    }
}

/// Parses the parts between commas. A broken one is noted, and parsing goes on after the next comma.
fn separated<T>(
    input: ParseStream<'_>,
    part: impl Fn(ParseStream<'_>) -> syn::Result<T>,
) -> (Vec<T>, Errors) {
    let (mut parts, mut errors) = (Vec::new(), Errors::default());
    while !input.is_empty() {
        let ended = part(input).and_then(|part| {
            parts.push(part);
            if ends_part(input) { Ok(()) } else { Err(input.error("expected a comma before this")) }
        });
        if errors.ok(ended).is_none() {
            while !ends_part(input) && input.parse::<TokenTree>().is_ok() {}
        }
        if input.parse::<Token![,]>().is_err() {
            break;
        }
    }
    (parts, errors)
}

/// Whether there is nothing more before the next comma.
pub(super) fn ends_part(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// Parses the parts between the parentheses that come next.
pub(super) fn list<T>(
    input: ParseStream<'_>,
    part: impl Fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let content;
    parenthesized!(content in input);
    let (parts, errors) = separated(&content, part);
    errors.into_result().map(|()| parts)
}

fn argument(operation: &Operation, input: ParseStream<'_>) -> syn::Result<Argument> {
    if input.peek(LitStr) {
        return bare_name(operation, input);
    }
    let name =
        input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), expected(operation)))?;
    let word = name.to_string();
    let slot = slot_of(operation, &word)
        .ok_or_else(|| syn::Error::new(name.span(), unknown_argument(operation, &word)))?;
    Ok(Argument { slot, span: name.span(), given: given(operation, slot, &name, input)? })
}

/// A literal without a name is the name of the span.
fn bare_name(operation: &Operation, input: ParseStream<'_>) -> syn::Result<Argument> {
    let text = input.parse::<LitStr>()?;
    let slot = slot_of(operation, "name").ok_or_else(|| syn::Error::new(text.span(), expected(operation)))?;
    let span = text.span();
    let text = Expr::Lit(syn::ExprLit { attrs: Vec::new(), lit: syn::Lit::Str(text) });
    let given = match slot.shape {
        Shape::Value => Given::Value(Sigil::Typed, text),
        _ => Given::Expr(text),
    };
    Ok(Argument { slot, span, given })
}

/// What is no argument of this attribute may be one of another.
fn unknown_argument(operation: &Operation, word: &str) -> String {
    let others = Operation::ALL.into_iter().filter(|other| slot_of(other, word).is_some());
    let others: Vec<String> = others.map(|other| format!("#[{}]", other.attribute)).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    match others[..] {
        [] => unknown("argument", word, &words_of(operation)),
        _ => format!(
            "`{word}` is an argument of {}\nvalid here: {}",
            list_of(&others),
            list_of(&words_of(operation))
        ),
    }
}

fn expected(operation: &Operation) -> String {
    format!("expected the name of an argument\nvalid: {}", list_of(&words_of(operation)))
}

fn given(operation: &Operation, slot: &Slot, name: &Ident, input: ParseStream<'_>) -> syn::Result<Given> {
    let usage = || syn::Error::new(name.span(), format!("write it as `{}`", slot.form(operation)));
    match slot.shape {
        Shape::Flag => flag(input).map_err(|_| usage()).map(Given::Flag),
        Shape::Value if input.peek(Token![=]) => value(input),
        Shape::Expr | Shape::Capture if input.peek(Token![=]) => Ok(Given::Expr(after_equals(input)?)),
        Shape::Skip if input.peek(token::Paren) => names(input).map(Given::Names),
        Shape::Skip if ends_part(input) => Ok(Given::LeftOut),
        Shape::Fields if input.peek(token::Paren) => Field::list(input).map(Given::Fields),
        Shape::Capture if input.peek(token::Paren) => Captured::list(input).map(Given::Captured),
        Shape::Report if input.peek(token::Paren) => report(input).map(Some).map(Given::Report),
        Shape::Report => {
            let is_on = flag(input).map_err(|_| usage())?;
            Ok(Given::Report(is_on.then(Report::default)))
        }
        Shape::Path if input.peek(Token![=]) => path(input).map_err(|_| usage()).map(Given::Path),
        Shape::Within => {
            let content;
            parenthesized!(content in input);
            within(&content).map(Given::Within)
        }
        Shape::Value | Shape::Expr | Shape::Skip | Shape::Fields | Shape::Path | Shape::Capture => {
            Err(usage())
        }
    }
}

/// Nothing is a yes.
fn flag(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok(input.parse::<LitBool>()?.value);
    }
    if input.peek(token::Paren) { Err(input.error("unexpected parentheses")) } else { Ok(true) }
}

fn after_equals(input: ParseStream<'_>) -> syn::Result<Expr> {
    let equals = input.parse::<Token![=]>()?;
    value_after(equals.span, input)
}

fn value(input: ParseStream<'_>) -> syn::Result<Given> {
    let equals = input.parse::<Token![=]>()?;
    Ok(Given::Value(Sigil::parse(input)?, value_after(equals.span, input)?))
}

/// The value after what is at `before`, where its absence is shown.
pub(super) fn value_after(before: Span, input: ParseStream<'_>) -> syn::Result<Expr> {
    if ends_part(input) {
        return Err(syn::Error::new(before, "expected a value after this"));
    }
    let mut value = input.parse()?;
    Held.visit_expr_mut(&mut value);
    Ok(value)
}

fn names(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    list(input, |content| {
        content
            .call(Ident::parse_any)
            .map_err(|error| syn::Error::new(error.span(), "expected the name of a parameter"))
    })
}

/// The attribute around, as it was written. Its errors are shown there.
fn within(content: ParseStream<'_>) -> syn::Result<Within> {
    if content.is_empty() {
        return Ok(Within::Broken);
    }
    let name = content.parse::<Ident>()?;
    let operation = Operation::named(&name.to_string())
        .ok_or_else(|| syn::Error::new(name.span(), "expected one of our attributes"))?;
    let tokens;
    parenthesized!(tokens in content);
    Ok(Within::Place(Box::new(Arguments::read(operation, tokens.parse()?, &mut Errors::default()))))
}

/// A path, or for those who come from serde, a path in a string.
fn path(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    input.call(Path::parse_mod_style)
}

fn report(input: ParseStream<'_>) -> syn::Result<Report> {
    let mut report = Report::default();
    let mut errors = Errors::default();
    for option in list(input, option)? {
        match option {
            ReportOption::Level(word, _) if report.level.is_some() => {
                errors.at(word.span(), "`level` is given twice")
            }
            ReportOption::Level(_, level) => report.level = Some(level),
            ReportOption::Format(word) if report.format.is_some() => {
                errors.at(word.span(), "it is either `Debug` or `Display`");
            }
            ReportOption::Format(word) => report.format = Some(word),
        }
    }
    errors.into_result().map(|()| report)
}

/// One of the options of `err` and `ret`.
enum ReportOption {
    Format(Ident),
    Level(Ident, Expr),
}

fn option(content: ParseStream<'_>) -> syn::Result<ReportOption> {
    const VALID: &[&str] = &["Debug", "Display", "level"];
    let word = content
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), format!("expected one of {}", list_of(VALID))))?;
    match word.to_string().as_str() {
        "level" if content.peek(Token![=]) => Ok(ReportOption::Level(word, after_equals(content)?)),
        "level" => Err(syn::Error::new(word.span(), "write it as `level = \"warn\"`")),
        "Debug" | "Display" => Ok(ReportOption::Format(word)),
        other => Err(syn::Error::new(word.span(), unknown("option", other, VALID))),
    }
}
