//! What the arguments of an attribute say.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, LitFloat, Path};

use crate::diagnostics::{Errors, list, unknown};
use crate::model::{AGENT_NAME, CONVERSATION, Comes, Level, Operation};
use crate::parse::{Argument, Captured, Field, Given, Report, Sigil};

/// The event for what is returned.
pub(crate) struct Reported {
    /// `None` where it was not said.
    pub(crate) level: Option<Level>,
    /// `Debug` or `Display`, where it was said.
    pub(crate) format: Option<Ident>,
}

impl Reported {
    fn new(report: Report, errors: &mut Errors) -> Self {
        let level = report.level.and_then(|given| errors.ok(Level::of(&given)));
        Self { level, format: report.format }
    }
}

/// What the span is a child of.
pub(crate) enum Parent {
    Current,
    Root,
    Of(Expr),
}

/// Which arguments of the function are recorded without a mark of their own.
pub(crate) enum Record {
    None,
    All,
}

/// An attribute of an operation, such as the model that is called.
#[derive(Clone)]
pub(crate) struct Own {
    pub(crate) key: &'static str,
    /// Where its name was given.
    pub(crate) span: Span,
    pub(crate) sigil: Sigil,
    pub(crate) value: Expr,
}

/// The arguments, each with its meaning.
pub(crate) struct Spec {
    pub(crate) operation: &'static Operation,
    pub(crate) name: Option<Expr>,
    pub(crate) target: Option<Expr>,
    pub(crate) level: Option<Level>,
    /// A variant of `Kind`.
    pub(crate) kind: Option<Ident>,
    pub(crate) parent: Parent,
    /// The ID of the request that the function begins.
    pub(crate) request_id: Option<Expr>,
    /// The message that the function works on, which says where its span belongs.
    pub(crate) message: Option<Expr>,
    pub(crate) record: Record,
    pub(crate) skip: Vec<Ident>,
    pub(crate) fields: Vec<Field>,
    /// Attributes that arguments of this operation stand for.
    pub(crate) own: Vec<Own>,
    /// Whether an `Err` marks the span: unless `err = false`.
    pub(crate) marks_errors: bool,
    /// The event for an error that is returned, if there is to be one.
    pub(crate) err: Option<Reported>,
    /// The event for a value that is returned.
    pub(crate) ret: Option<Reported>,
    /// What the span is linked to.
    pub(crate) links: Vec<Expr>,
    pub(crate) usage: Option<Expr>,
    /// What is recorded where the process asks for content.
    pub(crate) captured: Vec<Captured>,
    /// `capture = "poll"`.
    pub(crate) at_poll: bool,
    /// Whether what the body spawns takes the context along: unless `spawn = false`.
    pub(crate) carries: bool,
    pub(crate) krate: Option<Path>,
    /// Where each argument was given.
    given: Vec<(&'static str, Span)>,
}

impl Spec {
    /// Gives the arguments their meaning.
    pub(crate) fn new(operation: &'static Operation, arguments: Vec<Argument>, errors: &mut Errors) -> Self {
        let mut spec = Self {
            operation,
            name: None,
            target: None,
            level: None,
            kind: None,
            parent: Parent::Current,
            request_id: None,
            message: None,
            record: Record::None,
            skip: Vec::new(),
            fields: Vec::new(),
            own: Vec::new(),
            marks_errors: true,
            err: None,
            ret: None,
            links: Vec::new(),
            usage: None,
            captured: Vec::new(),
            at_poll: false,
            carries: true,
            krate: None,
            given: Vec::new(),
        };
        for argument in arguments {
            spec.take(argument, errors);
        }
        if spec.captures_arguments() && spec.given("args").is_none() {
            // `skip` is then about what is captured.
            spec.record = Record::None;
        }
        spec
    }

    /// Where the argument of this name was given, if it was, and not as `= false`.
    pub(crate) fn given(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, span)| *span)
    }

    /// Whether the function begins the work for a request, also where it has no span.
    pub(crate) fn begins_request(&self) -> bool {
        self.request_id.is_some() || self.message.is_some()
    }

    /// Whether the body is a part of the work for a request, of which something is said.
    pub(crate) fn is_part(&self) -> bool {
        self.own(AGENT_NAME).is_some() || self.operation.is_workflow() && self.own(CONVERSATION).is_some()
    }

    /// Whether the arguments of the function are content.
    fn captures_arguments(&self) -> bool {
        let mut alone = self.captured.iter().filter(|captured| captured.value.is_none());
        let comes = |captured| self.operation.part(captured).map(|part| part.comes);
        alone.any(|captured| comes(captured) == Some(Comes::GivenOrArguments))
    }

    fn take(&mut self, argument: Argument, errors: &mut Errors) {
        let Argument { slot, span, given } = argument;
        if let Given::Captured(captured) = given {
            self.captured = captured;
            return;
        }
        if !matches!(given, Given::Flag(false) | Given::Report(None)) {
            self.given.push((slot.name, span));
        }
        match (slot.name, given) {
            (_, Given::Value(sigil, value)) => {
                let (sigil, value) = if slot.is_double { as_double(sigil, value) } else { (sigil, value) };
                self.own.extend(slot.key.map(|key| Own { key, span, sigil, value }));
            }
            ("parent", Given::Expr(value)) => {
                self.parent = if is_none(&value) { Parent::Root } else { Parent::Of(value) };
            }
            ("root", Given::Flag(true)) => self.parent = Parent::Root,
            ("spawn", Given::Flag(carries)) => self.carries = carries,
            ("args", Given::Flag(true)) => self.record = Record::All,
            ("skip", Given::Names(names)) => {
                self.skip = names;
                self.record = Record::All;
            }
            ("fields", Given::Fields(fields)) => self.fields = fields,
            ("err", Given::Report(report)) => {
                self.marks_errors = report.is_some();
                self.err = report.map(|report| Reported::new(report, errors));
            }
            ("ret", Given::Report(report)) => {
                self.ret = report.map(|report| Reported::new(report, errors));
            }
            ("crate", Given::Path(path)) => self.krate = Some(path),
            (name, Given::Expr(value)) => self.take_expr(name, value, errors),
            _ => {}
        }
    }

    fn take_expr(&mut self, name: &str, value: Expr, errors: &mut Errors) {
        match name {
            "name" => self.name = Some(value),
            "target" => self.target = Some(value),
            "level" => self.level = errors.ok(Level::of(&value)),
            "kind" => self.kind = errors.ok(word(&value, "kind", KINDS)),
            "capture" => {
                let capture = errors.ok(word(&value, "capture", &["Call", "Poll"]));
                self.at_poll = capture.is_some_and(|capture| capture == "Poll");
            }
            "request_id" => self.request_id = Some(value),
            "message" => self.message = Some(value),
            "usage" => self.usage = Some(value),
            _ => self.links.push(value),
        }
    }
}

const KINDS: &[&str] = &["Internal", "Server", "Client", "Producer", "Consumer"];

/// The one of `variants` that `"client"`, `client` or `Kind::Client` means.
pub(super) fn word(value: &Expr, what: &str, variants: &[&str]) -> syn::Result<Ident> {
    let words: Vec<_> = variants.iter().map(|variant| variant.to_lowercase()).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let (word, span) = written(value).ok_or_else(|| {
        syn::Error::new(value.span(), format!("expected one of {} as a string", list(&words)))
    })?;
    match variants.iter().find(|variant| variant.eq_ignore_ascii_case(&word)) {
        Some(variant) => Ok(Ident::new(variant, span)),
        None => Err(syn::Error::new(span, unknown(what, &word, &words))),
    }
}

/// The word that a string or the end of a path is.
fn written(value: &Expr) -> Option<(String, Span)> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some((text.value(), text.span())),
        Expr::Path(ExprPath { path, .. }) => {
            path.segments.last().map(|last| (last.ident.to_string(), last.ident.span()))
        }
        _ => None,
    }
}

/// `parent = None` asks for a new trace, as in `tracing`.
/// The value of a key that wants a floating-point number: an integer that is written down is made one here.
fn as_double(sigil: Sigil, value: Expr) -> (Sigil, Expr) {
    if sigil != Sigil::Typed {
        return (sigil, value);
    }
    match &value {
        Expr::Lit(ExprLit { lit: Lit::Float(_), .. }) => (Sigil::Typed, value),
        Expr::Lit(ExprLit { attrs, lit: Lit::Int(number) }) => {
            let double = LitFloat::new(&format!("{}.0", number.base10_digits()), number.span());
            (Sigil::Typed, Expr::Lit(ExprLit { attrs: attrs.clone(), lit: Lit::Float(double) }))
        }
        _ => (Sigil::Double, value),
    }
}

fn is_none(value: &Expr) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident("None"))
}
