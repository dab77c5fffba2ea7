//! The arguments of an attribute.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitBool, LitStr, Path, Token, parenthesized, token};

use crate::diagnostics::{Errors, unknown};
use crate::model::Operation;
use crate::parse::{Field, Shape, Sigil, Slot, slot_of, words_of};

/// The arguments of an attribute.
pub(crate) struct Arguments {
    pub(crate) operation: Operation,
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
    pub(crate) fn read(operation: Operation, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self { operation, given: Vec::new(), left_out: None, within: None };
        let parse = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match argument(operation, input) {
                    Ok(argument) => arguments.note(argument, errors),
                    Err(error) => {
                        errors.push(error);
                        skip_to_comma(input)?;
                    }
                }
                if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                    errors.at(input.span(), "expected a comma between the arguments");
                    skip_to_comma(input)?;
                    input.parse::<Option<Token![,]>>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = parse.parse2(tokens) {
            errors.push(error);
        }
        arguments
    }

    fn note(&mut self, argument: Argument, errors: &mut Errors) {
        let Argument { slot, span, given } = argument;
        let is_left_out = slot.shape == Shape::Skip && self.left_out.is_some();
        if is_left_out || self.given.iter().any(|earlier| earlier.slot.name == slot.name) {
            errors.at(span, format!("`{}` is given twice", slot.name));
            return;
        }
        match given {
            Given::LeftOut => self.left_out = Some(span),
            Given::Within(within) => self.within = Some(within),
            given => self.given.push(Argument { slot, span, given }),
        }
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn argument(operation: Operation, input: ParseStream<'_>) -> syn::Result<Argument> {
    if input.peek(LitStr) {
        return bare_name(operation, input);
    }
    let name =
        input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), expected(operation)))?;
    let word = name.to_string();
    let slot = slot_of(operation, &word)
        .ok_or_else(|| syn::Error::new(name.span(), unknown("argument", &word, &words_of(operation))))?;
    Ok(Argument { slot, span: name.span(), given: given(slot, &name, input)? })
}

/// A literal without a name is the name of the span.
fn bare_name(operation: Operation, input: ParseStream<'_>) -> syn::Result<Argument> {
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

fn expected(operation: Operation) -> String {
    format!("expected the name of an argument\nvalid: {}", crate::diagnostics::list(&words_of(operation)))
}

fn given(slot: &Slot, name: &Ident, input: ParseStream<'_>) -> syn::Result<Given> {
    let usage = |form: &str| syn::Error::new(name.span(), format!("write it as `{form}`"));
    match slot.shape {
        Shape::Flag => flag(input).map_err(|_| usage(slot.name)).map(Given::Flag),
        Shape::Value if input.peek(Token![=]) => value(input),
        Shape::Value => Err(usage(&format!("{} = ..", slot.name))),
        Shape::Expr if input.peek(Token![=]) => Ok(Given::Expr(after_equals(input)?)),
        Shape::Expr => Err(usage(&format!("{} = ..", slot.name))),
        Shape::Skip if input.peek(token::Paren) => names(input).map(Given::Names),
        Shape::Skip if input.is_empty() || input.peek(Token![,]) => Ok(Given::LeftOut),
        Shape::Skip => Err(usage(&format!("{}(parameter, ..)", slot.name))),
        Shape::Fields if input.peek(token::Paren) => Field::list(input).map(Given::Fields),
        Shape::Fields => Err(usage(&format!("{}(key = value, ..)", slot.name))),
        Shape::Report => report(input, &usage).map(Given::Report),
        Shape::Path if input.peek(Token![=]) => path(input).map(Given::Path),
        Shape::Path => Err(usage(&format!("{} = path", slot.name))),
        Shape::Within => in_parentheses(input, within).map(Given::Within),
        Shape::Later => Err(syn::Error::new(name.span(), format!("`{}` is not supported yet", slot.name))),
    }
}

fn flag(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(true);
    }
    input.parse::<Token![=]>()?;
    Ok(input.parse::<LitBool>()?.value)
}

fn after_equals(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn value(input: ParseStream<'_>) -> syn::Result<Given> {
    input.parse::<Token![=]>()?;
    Ok(Given::Value(Sigil::parse(input)?, input.parse()?))
}

fn names(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    in_parentheses(input, |content| {
        let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(content, Ident::parse_any)?;
        Ok(names.into_iter().collect())
    })
}

/// Parses what is between the parentheses that come next. What a broken part leaves there is not an error of its own.
pub(super) fn in_parentheses<T>(
    input: ParseStream<'_>,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let content;
    parenthesized!(content in input);
    let parsed = parse(&content);
    if parsed.is_err() {
        content.parse::<TokenStream>()?;
    }
    parsed
}

/// The attribute around, as it was written. Its errors are shown there.
fn within(content: ParseStream<'_>) -> syn::Result<Within> {
    if content.is_empty() {
        return Ok(Within::Broken);
    }
    let name = content.parse::<Ident>()?;
    let operation = Operation::named(&name.to_string())
        .ok_or_else(|| syn::Error::new(name.span(), "expected one of our attributes"))?;
    let tokens = in_parentheses(content, |arguments| arguments.parse::<TokenStream>())?;
    Ok(Within::Place(Box::new(Arguments::read(operation, tokens, &mut Errors::default()))))
}

/// A path, or for those who come from serde, a path in a string.
fn path(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    input.call(Path::parse_mod_style)
}

fn report(input: ParseStream<'_>, usage: &dyn Fn(&str) -> syn::Error) -> syn::Result<Option<Report>> {
    if !input.peek(token::Paren) {
        let on = flag(input).map_err(|_| usage("err, err = false, err(Debug) or err(level = \"warn\")"))?;
        return Ok(on.then(Report::default));
    }
    in_parentheses(input, options).map(Some)
}

fn options(content: ParseStream<'_>) -> syn::Result<Report> {
    let mut report = Report::default();
    while !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        if word == "level" && report.level.is_none() {
            report.level = Some(after_equals(content)?);
        } else if (word == "Debug" || word == "Display") && report.format.is_none() {
            report.format = Some(word);
        } else {
            let message = unknown("option", &word.to_string(), &["Debug", "Display", "level"]);
            return Err(syn::Error::new(word.span(), message));
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(report)
}
