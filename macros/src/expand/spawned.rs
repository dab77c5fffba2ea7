//! The context goes along with what the body starts elsewhere: the argument of `tokio::spawn` and its like is wrapped.
//!
//! The body is scanned, not parsed. The function that is called stays what the user wrote.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, Type};

use crate::expand::paths::private_at;
use crate::model::{Spec, Work, names_argument};
use crate::parse::{Call, CalledPath, end_of_foreign, held, is_punct, without_comma};

/// The body, with the context in what it spawns. Where nothing is spawned, the tokens are the user's own.
pub(crate) fn carry(spec: &Spec, body: TokenStream) -> TokenStream {
    scan(spec, &body).unwrap_or(body)
}

/// `None` when there is nothing to wrap.
fn scan(spec: &Spec, tokens: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut scanned = Vec::with_capacity(tokens.len());
    let (mut at, mut is_changed) = (0, false);
    while at < tokens.len() {
        if let Some(end) = end_of_foreign(&tokens, at) {
            scanned.extend_from_slice(&tokens[at..end]);
            at = end;
        } else if let Some((call, work)) = spawning(&tokens, at) {
            scanned.extend_from_slice(&tokens[at..call.at]);
            scanned.push(carried(spec, work, &call).into());
            at = call.at + 1;
            is_changed = true;
        } else {
            let inner = match &tokens[at] {
                TokenTree::Group(group) => scan(spec, &group.stream()).map(|inner| like(group, inner)),
                _ => None,
            };
            is_changed |= inner.is_some();
            scanned.push(inner.map_or_else(|| held(tokens[at].clone(), tokens.get(at + 1)), TokenTree::from));
            at += 1;
        }
    }
    is_changed.then(|| scanned.into_iter().collect())
}

fn spawning(tokens: &[TokenTree], at: usize) -> Option<(Call, Work)> {
    let path = CalledPath::at(tokens, at)?;
    let work = Work::started_by(&path)?;
    let call = Call::of(&path, tokens).filter(|call| !names_argument(call))?;
    Some((call, work))
}

/// The parentheses of a call with its argument wrapped.
fn carried(spec: &Spec, work: Work, call: &Call) -> Group {
    let (argument, comma) = without_comma(call.parentheses.stream());
    let span = |token: Option<TokenTree>| token.map_or_else(|| call.parentheses.span(), |token| token.span());
    let (first, last) =
        (span(argument.clone().into_iter().next()), span(argument.clone().into_iter().last()));
    let ours = Span::mixed_site().located_at(first);
    let private = private_at(spec, ours);
    let wrap = match (work, returned(call, &argument)) {
        (Work::Future, _) => quote_spanned!(ours=> #private::FutureWork::new),
        (Work::Closure, None) => quote_spanned!(ours=> #private::ClosureWork::new),
        (Work::Closure, Some(ty)) => quote_spanned!(ours=> #private::ClosureWork::returning::<#ty>),
    };
    let mut inside = Group::new(Delimiter::Parenthesis, scan(spec, &argument).unwrap_or(argument));
    inside.set_span(Span::mixed_site().located_at(call.parentheses.span()));
    let carry = quote_spanned!(Span::mixed_site().located_at(last)=> .__carry());
    // From the beginning to the end of what it stands for, where the compiler shows what is wrong with it; in between it is
    // ours, for lints.
    let mut wrapped = ending_at(beginning_at(wrap, first), first);
    inside.to_tokens(&mut wrapped);
    wrapped.extend(ending_at(carry, last));
    wrapped.extend(comma);
    like(&call.parentheses, wrapped)
}

/// A path whose beginning, `::` or a word, stands somewhere else.
fn beginning_at(path: TokenStream, span: Span) -> TokenStream {
    let mut tokens: Vec<TokenTree> = path.into_iter().collect();
    let colons = tokens.iter().take_while(|token| is_punct(Some(token), ':')).count();
    tokens[..colons.max(1)].iter_mut().for_each(|token| token.set_span(span));
    tokens.into_iter().collect()
}

/// Tokens whose last one stands somewhere else.
fn ending_at(tokens: TokenStream, span: Span) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.last_mut().into_iter().for_each(|token| token.set_span(span));
    tokens.into_iter().collect()
}

/// The type that a turbofish says a closure returns: the closure, if it is written here, is to know it.
fn returned<'a>(call: &'a Call, argument: &TokenStream) -> Option<&'a Type> {
    let mut tokens = argument.clone().into_iter().skip_while(|token| token.to_string() == "move");
    match call.generics.get(1) {
        Some(GenericArgument::Type(ty)) if is_punct(tokens.next().as_ref(), '|') => Some(ty),
        _ => None,
    }
}

/// A group with other tokens in it.
fn like(group: &Group, tokens: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), tokens);
    new.set_span(group.span());
    new
}
