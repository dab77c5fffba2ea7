//! The third stage: do the arguments fit the function or the place, and each other?

mod captured;
mod place;

use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Meta};

use crate::diagnostics::{Errors, unknown};
use crate::model::{
    Attribute, CONTRADICTIONS, Operation, PROVIDER, Returns, SAID_BY_MESSAGE, Shape, Spec, bindings_of,
    names_of,
};
use crate::parse::{Arguments, Function};
use captured::check_captured_can_be_seen;

pub(crate) use place::validate as validate_place;

/// Notes everything that does not fit.
pub(crate) fn validate(spec: &Spec, function: &Function, attributes: &[Attribute], errors: &mut Errors) {
    check_has_body(function, errors);
    check_not_const(function, errors);
    check_is_the_only_one(spec, function, errors);
    check_names_are_text(spec, errors);
    check_no_contradiction(spec, errors);
    check_job_has_a_message(spec, function, errors);
    check_message_says_where_it_belongs(spec, errors);
    check_skipped_parameters(spec, function, errors);
    check_marked_parameters_have_names(function, errors);
    check_marked_parameters_are_not_skipped(spec, function, errors);
    check_marked_parameters_are_no_fields(spec, function, errors);
    check_keys_are_unique(attributes, errors);
    check_capture_is_of_async(spec, function, errors);
    check_err_can_happen(spec, function, errors);
    check_ret_can_be_seen(spec, function, errors);
    check_provider_is_named(spec, function, errors);
    check_usage_can_be_read(spec, function, errors);
    check_captured_can_be_seen(spec, function, errors);
}

/// What is left out says nothing else, and there has to be something that it is left out of.
pub(crate) fn check_left_out(arguments: &Arguments, errors: &mut Errors) {
    let Some(span) = arguments.left_out else { return };
    if arguments.within.is_none() {
        let message = "`skip` alone leaves a function out of the `impl` block, trait or module that is annotated, \
                       and here is none\nwrite `skip(parameter, ..)` or `skip_all` for what is not recorded";
        errors.at(span, message);
    }
    for argument in &arguments.given {
        errors
            .at(argument.span, format!("`{}` contradicts `skip`, which leaves this out", argument.slot.name));
    }
}

/// What a trait or an `extern` block only declares runs nothing: the attribute belongs on its implementations.
fn check_has_body(function: &Function, errors: &mut Errors) {
    if function.body.is_none() {
        errors.at(
            function.sig.ident.span(),
            "a function without a body has nothing to trace: annotate its implementations",
        );
    }
}

/// A `const fn` may run in the compiler, where there is no clock.
fn check_not_const(function: &Function, errors: &mut Errors) {
    if let Some(constness) = &function.sig.constness {
        errors.at(constness.span(), "a `const fn` cannot be traced");
    }
}

/// A function has one span: what a second attribute would say belongs into the first.
fn check_is_the_only_one(spec: &Spec, function: &Function, errors: &mut Errors) {
    for attribute in &function.attrs {
        let last = attribute.path().segments.last();
        let other = last.and_then(|last| Operation::named(&last.ident.to_string()));
        if let Some(other) = other.filter(|_| !matches!(attribute.meta, Meta::NameValue(_))) {
            let (name, other) = (spec.operation.attribute, other.attribute);
            let message =
                format!("`#[{other}]` beside `#[{name}]`: a function has one span, of one attribute");
            errors.push(syn::Error::new_spanned(attribute, message));
        }
    }
    if function.body.as_ref().is_some_and(|body| body.scan.is_expanded) {
        let name = spec.operation.attribute;
        let message = format!(
            "this function has a span already, of another attribute on it or around it\n\
             that one does not know `#[{name}]` by another name: write `#[throughline::{name}]`"
        );
        errors.at(function.sig.ident.span(), message);
    }
}

/// A name and a target are text, or expressions that the compiler checks.
fn check_names_are_text(spec: &Spec, errors: &mut Errors) {
    for (what, value) in [("name", &spec.name), ("target", &spec.target)] {
        match value {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) if text.value().is_empty() => {
                errors.at(text.span(), format!("a {what} must not be empty"));
            }
            Some(Expr::Lit(ExprLit { lit: Lit::Str(_), .. })) => {}
            Some(value @ Expr::Lit(_)) => {
                errors.at(value.span(), format!("a {what} is text: `{what} = \"..\"`"))
            }
            _ => {}
        }
    }
}

/// Of two arguments that say the opposite only one can be meant.
fn check_no_contradiction(spec: &Spec, errors: &mut Errors) {
    for (one, other) in CONTRADICTIONS {
        if let (Some(_), Some(span)) = (spec.given(one), spec.given(other)) {
            errors.at(span, format!("`{other}` contradicts `{one}`"));
        }
    }
}

/// A job is work on a message, which is one of the parameters and has a name.
fn check_job_has_a_message(spec: &Spec, function: &Function, errors: &mut Errors) {
    if !spec.operation.takes_message() || spec.message.is_some() {
        return;
    }
    match function.parameters.first() {
        Some(first) => errors.push(syn::Error::new_spanned(
            &first.pat,
            "the message needs a name: take it apart in the body\n\
             where another parameter is the message, write `#[job(message = parameter)]`",
        )),
        None => errors.at(
            function.sig.ident.span(),
            "a job works on a message, which is its first parameter: an `Envelope<..>`, or what implements `jobs::Message`\n\
             work that starts by itself runs in `throughline::jobs::scheduled(..)`",
        ),
    }
}

/// Trace and request are those of the message.
fn check_message_says_where_it_belongs(spec: &Spec, errors: &mut Errors) {
    for word in SAID_BY_MESSAGE {
        if let Some(span) = spec.given(word).filter(|_| !spec.operation.leaves_to_say(word)) {
            let name = spec.operation.attribute;
            let message = format!(
                "`{word}` contradicts `#[{name}]`: the message says which trace and request it belongs to"
            );
            errors.at(span, message);
        }
    }
}

/// What `skip` names is a parameter, named once.
fn check_skipped_parameters(spec: &Spec, function: &Function, errors: &mut Errors) {
    let names = names_of(function);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (index, skipped) in spec.skip.iter().enumerate() {
        let word = skipped.to_string();
        if spec.skip[..index].contains(skipped) {
            errors.at(skipped.span(), format!("`{word}` is given twice"));
        } else if !names.contains(&word.as_str()) {
            errors.at(skipped.span(), unknown("parameter", &word, &names));
        }
    }
}

/// A pattern that binds nothing has nothing to record, and one name cannot be the key of several bindings.
fn check_marked_parameters_have_names(function: &Function, errors: &mut Errors) {
    for parameter in &function.parameters {
        let Some(mark) = &parameter.mark else { continue };
        match (bindings_of(&parameter.pat).len(), &mark.name) {
            (0, _) => errors.push(mark.error("this parameter has no name, so there is nothing to record")),
            (2.., Some(_)) => errors.push(mark.error("`name` needs a pattern that binds one name")),
            _ => {}
        }
    }
}

/// `#[attr]` records, `skip` does not.
fn check_marked_parameters_are_not_skipped(spec: &Spec, function: &Function, errors: &mut Errors) {
    for parameter in function.parameters.iter().filter(|parameter| parameter.mark.is_some()) {
        for name in bindings_of(&parameter.pat) {
            if let Some(skipped) = spec.skip.iter().find(|skipped| **skipped == name) {
                errors.at(skipped.span(), format!("`{name}` is skipped here and marked with `#[attr]`"));
            }
        }
    }
}

/// `#[attr]` and a field of its key would give two values.
fn check_marked_parameters_are_no_fields(spec: &Spec, function: &Function, errors: &mut Errors) {
    for field in &spec.fields {
        if function.parameters.iter().any(|parameter| parameter.is_marked_as(field)) {
            errors.at(field.key.span(), "this key is that of a parameter with `#[attr]`");
        }
    }
}

/// A key counts once.
fn check_keys_are_unique(attributes: &[Attribute], errors: &mut Errors) {
    for (index, attribute) in attributes.iter().enumerate() {
        let Some(text) = &attribute.text else { continue };
        if text.is_empty() {
            errors.at(attribute.span, "a key must not be empty");
        }
        if attributes[..index].iter().any(|earlier| earlier.text.as_ref() == Some(text)) {
            errors.at(attribute.span, format!("the key `{text}` is given twice"));
        }
    }
}

/// Only a future has a first poll.
fn check_capture_is_of_async(spec: &Spec, function: &Function, errors: &mut Errors) {
    if let (Some(span), None) = (spec.given("capture"), function.sig.asyncness) {
        errors.at(span, "`capture` is for `async fn`: here the context is taken at the call");
    }
}

/// `err` reports an error that is returned, so one has to be.
fn check_err_can_happen(spec: &Spec, function: &Function, errors: &mut Errors) {
    let Some(span) = spec.given("err") else { return };
    match Returns::of_work(function) {
        returns if returns.can_fail() => {}
        Returns::Opaque(_) => errors.at(
            span,
            "`err` cannot look into `impl Trait`; an `Err` item of a stream marks its span without it",
        ),
        _ => errors.at(span, "`err` needs a function that returns a `Result`"),
    }
}

/// `ret` reports what is returned, so there has to be something, and the body has to make it.
fn check_ret_can_be_seen(spec: &Spec, function: &Function, errors: &mut Errors) {
    let Some(span) = spec.given("ret") else { return };
    match Returns::of_work(function) {
        returns if returns.is_known() => {}
        Returns::Unit | Returns::Never => errors.at(span, "`ret` needs a function that returns something"),
        _ if matches!(Shape::of(function), Shape::Sync | Shape::Async) => {}
        _ => errors.at(span, "`ret` cannot look into the `impl Trait` of a future or stream"),
    }
}

/// The conventions require the provider of a model: prices and totals go by it.
fn check_provider_is_named(spec: &Spec, function: &Function, errors: &mut Errors) {
    if spec.operation.is_model_call() && spec.own(PROVIDER).is_none() {
        let name = spec.operation.attribute;
        let message = format!("a model call names its provider: `#[{name}(provider = \"openai\", ..)]`");
        errors.at(function.sig.ident.span(), message);
    }
}

/// `usage` reads what is returned, so its type has to be known.
fn check_usage_can_be_read(spec: &Spec, function: &Function, errors: &mut Errors) {
    let Some(span) = spec.given("usage") else { return };
    if !Returns::of_work(function).is_known() {
        errors.at(
            span,
            "`usage` needs a returned value of a named type; call `throughline::llm::record` in the body",
        );
    }
}
