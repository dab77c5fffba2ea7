//! What a function takes over from the attribute of the place it is in: whatever it does not say itself, where it fits.

use quote::ToTokens;

use crate::model::{Comes, Operation, Returns, bindings_of, mentions, names_of};
use crate::parse::{Argument, Arguments, Field, Function, Given, Key, Within, slot_of};

/// Pairs of arguments that say the opposite.
pub(crate) const CONTRADICTIONS: [(&str, &str); 3] =
    [("root", "parent"), ("skip_all", "args"), ("skip_all", "skip")];

/// The arguments of an attribute with those it inherits; of a function those that fit it.
pub(crate) fn inherit(arguments: Arguments, function: Option<&Function>) -> Vec<Argument> {
    let Arguments { operation, mut given, within, .. } = arguments;
    let Some(Within::Place(outer)) = within else { return given };
    for argument in inherit(*outer, function) {
        let same = slot_of(operation, argument.slot.name).is_some_and(|slot| slot.key == argument.slot.key);
        let argument = Some(argument).filter(|_| same);
        let argument = match function {
            Some(function) => argument.and_then(|argument| fit(argument, operation, function)),
            None => argument,
        };
        if let Some(argument) = argument {
            add(&mut given, argument);
        }
    }
    given
}

/// As much of an argument as makes sense for the function.
fn fit(mut argument: Argument, operation: &Operation, function: &Function) -> Option<Argument> {
    let names = names_of(function);
    let has_self = function.receiver().is_some();
    let makes_sense = |value: &dyn ToTokens| has_self || !mentions(value.to_token_stream(), "self");
    let marked = |name: &str| {
        let marked = function.parameters.iter().filter(|parameter| parameter.mark.is_some());
        marked.flat_map(|parameter| bindings_of(&parameter.pat)).any(|marked| marked == name)
    };
    let fits = match (argument.slot.name, &mut argument.given) {
        ("err", Given::Report(Some(_))) => Returns::of_work(function).can_fail(),
        ("ret", Given::Report(Some(_))) | ("usage", _) => Returns::of_work(function).is_known(),
        (_, Given::Captured(captured)) => {
            captured.retain(|one| match (operation.part(one), &one.value) {
                (None, _) => false,
                (Some(_), Some(value)) => makes_sense(value),
                (Some(part), None) => part.comes != Comes::Returned || operation.sees_returned(function),
            });
            true
        }
        ("capture", _) => function.sig.asyncness.is_some(),
        (name, _) if !operation.leaves_to_say(name) => false,
        (_, Given::Names(skipped)) => {
            skipped.retain(|name| names.contains(&name.to_string()) && !marked(&name.to_string()));
            true
        }
        (_, Given::Fields(fields)) => {
            fields.retain(|field| field.value.as_ref().is_none_or(|value| makes_sense(value)));
            fields.retain(|field| !function.parameters.iter().any(|parameter| parameter.is_marked_as(field)));
            true
        }
        (_, Given::Value(_, value)) => makes_sense(value),
        _ => true,
    };
    fits.then_some(argument)
}

/// Adds what `given` does not say.
fn add(given: &mut Vec<Argument>, mut outer: Argument) {
    let contradicts = |own: &Argument| {
        let pair = |one, other| CONTRADICTIONS.contains(&(one, other));
        let (own_name, name) = (own.slot.name, outer.slot.name);
        own.is_on() && (pair(own_name, name) || pair(name, own_name))
    };
    let says = |key: &str| given.iter().any(|own| own.says(key));
    if given.iter().any(contradicts) || outer.slot.key.is_some_and(says) {
        return;
    }
    if let Given::Fields(fields) = &mut outer.given {
        fields.retain(|field| !says(&field.text()));
    }
    match given.iter_mut().find(|own| own.is_of(outer.slot, &outer.given)) {
        Some(own) => own.take_over(outer.given),
        None => given.push(outer),
    }
}

impl Argument {
    fn is_on(&self) -> bool {
        !matches!(self.given, Given::Flag(false) | Given::Report(None))
    }

    /// Whether it gives the attribute with this key its value.
    fn says(&self, key: &str) -> bool {
        match &self.given {
            Given::Fields(fields) => fields.iter().any(|field| field.text() == key),
            _ => self.slot.key == Some(key),
        }
    }

    /// Lists add up; what is skipped outside stays skipped.
    fn take_over(&mut self, outer: Given) {
        match (&mut self.given, outer) {
            (Given::Names(own), Given::Names(outer)) => {
                let new: Vec<_> = outer.into_iter().filter(|name| !own.contains(name)).collect();
                own.extend(new);
            }
            (Given::Fields(own), Given::Fields(outer)) => own.extend(outer),
            (Given::Captured(own), Given::Captured(mut outer)) => {
                outer.retain(|one| own.iter().all(|own| own.word != one.word));
                own.extend(outer);
            }
            _ => {}
        }
    }
}

impl Field {
    /// The key as it is written.
    fn text(&self) -> String {
        match &self.key {
            Key::Text(text, _) => text.clone(),
            Key::Const(expr) => format!("{{{}}}", expr.to_token_stream()),
        }
    }
}
