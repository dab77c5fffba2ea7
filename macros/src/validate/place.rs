//! Do the arguments fit an `impl` block, a trait or a module?

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::diagnostics::{Errors, unknown};
use crate::model::names_of;
use crate::parse::{Arguments, Function, Given, Kind, Place};
use crate::validate::captured::check_captured;
use crate::validate::check_left_out;

/// Notes everything that does not fit.
pub(crate) fn validate(arguments: &Arguments, place: &Place, errors: &mut Errors) {
    check_left_out(arguments, errors);
    check_modules_are_inline(place, errors);
    check_arguments_are_of_all(arguments, errors);
    check_skipped_parameters_are_of_some(arguments, place, errors);
    check_trait_has_bodies(arguments, place, errors);
    check_captured_is_content(arguments, place, errors);
}

/// What is no content of the attribute is none of any function.
fn check_captured_is_content(arguments: &Arguments, place: &Place, errors: &mut Errors) {
    for argument in &arguments.given {
        if let Given::Captured(captured) = &argument.given {
            check_captured(arguments.operation, captured, &parameters_of(place), errors);
        }
    }
}

/// The attribute sees what stands here, which is nothing when the module is in a file of its own.
fn check_modules_are_inline(place: &Place, errors: &mut Errors) {
    let here = Some(place.span).filter(|_| place.content.is_none());
    let inner = place.items().iter().filter(|item| item.kind == Kind::Module && !item.has_body());
    for span in here.into_iter().chain(inner.map(|item| item.span)) {
        let message = "the functions of a module in another file cannot be seen from here\n\
                       annotate the functions, `impl` blocks, traits and inline modules in that file";
        errors.at(span, message);
    }
}

/// A name is that of one span, a link that of one call.
fn check_arguments_are_of_all(arguments: &Arguments, errors: &mut Errors) {
    for argument in arguments.given.iter().filter(|argument| argument.slot.is_of_one) {
        let name = argument.slot.name;
        errors
            .at(argument.span, format!("`{name}` is for a single function: write it on the function itself"));
    }
}

/// What `skip` names is a parameter of some function: a secret is not recorded for a slip of the fingers.
fn check_skipped_parameters_are_of_some(arguments: &Arguments, place: &Place, errors: &mut Errors) {
    let skipped = arguments.given.iter().filter_map(|argument| match &argument.given {
        Given::Names(names) => Some(names),
        _ => None,
    });
    for skipped in skipped {
        let mut names = parameters_of(place);
        names.sort();
        names.dedup();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for name in skipped {
            let word = name.to_string();
            if !names.contains(&word.as_str()) {
                errors.at(name.span(), unknown("parameter", &word, &names));
            }
        }
    }
}

/// The names of all parameters of all functions.
fn parameters_of(place: &Place) -> Vec<String> {
    let items = place.items().iter().filter(|item| item.is_traceable());
    items.flat_map(|item| of_item(item.to_token_stream())).collect()
}

fn of_item(item: TokenStream) -> Vec<String> {
    match syn::parse2::<Function>(item.clone()) {
        Ok(mut function) => {
            function.take_marks(&mut Errors::default());
            names_of(&function)
        }
        Err(_) => Place::of(item).map_or_else(Vec::new, |place| parameters_of(&place)),
    }
}

/// What a trait only declares runs elsewhere.
fn check_trait_has_bodies(arguments: &Arguments, place: &Place, errors: &mut Errors) {
    let is_asked = place.kind == Kind::Trait && arguments.within.is_none();
    if is_asked && !place.items().iter().any(|item| item.kind == Kind::Function && item.has_body()) {
        errors.at(place.span, "no method of this trait has a body to trace: annotate its implementations");
    }
}
