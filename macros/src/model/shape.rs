//! How a function is rewritten.

use syn::{
    AssocType, GenericArgument, PathArguments, PathSegment, ReturnType, Type, TypeParamBound, parse_quote,
    punctuated::Punctuated,
};

use crate::model::returns::last_segment;
use crate::model::{Returns, erase_impl, has_impl};
use crate::parse::{Body, Function, Tail};

/// How the function is rewritten.
pub(crate) enum Shape {
    /// The span is a guard around the body.
    Sync,
    /// The span is that of the future that the function becomes.
    Async,
    /// The span goes on in the future that is returned.
    Future(Going),
    /// The span goes on in the stream that is returned.
    Stream(Going),
    /// The span is that of the future, and goes on in the stream that it returns.
    AsyncStream(Going),
}

/// A returned future or stream.
pub(crate) struct Going {
    /// The declared type of the future or stream, with `_` for what is `impl`.
    pub(crate) ty: Type,
    /// What the future returns or the stream yields; `None` when that is not named.
    pub(crate) output: Option<Type>,
    pub(crate) is_boxed: bool,
    /// What it is in, the outermost first.
    pub(crate) holders: Vec<Holder>,
}

/// A type in which there may be a stream, or none.
pub(crate) enum Holder {
    Result,
    Option,
}

impl Shape {
    pub(crate) fn of(function: &Function) -> Self {
        let is_async = function.sig.asyncness.is_some();
        let ReturnType::Type(_, ty) = &function.sig.output else {
            return if is_async { Self::Async } else { Self::Sync };
        };
        match (is_async, stream(ty)) {
            (true, Some(going)) => Self::AsyncStream(going),
            (true, None) => Self::Async,
            (false, Some(going)) => Self::Stream(going),
            (false, None) => future(ty, function.body.as_ref()).map_or(Self::Sync, Self::Future),
        }
    }
}

impl Returns {
    /// What the work returns when it is done: the output of a future that is returned, nothing in particular of a stream.
    pub(crate) fn of_work(function: &Function) -> Self {
        match Shape::of(function) {
            Shape::Sync | Shape::Async => Self::of(&function.sig.output),
            Shape::Future(Going { output: Some(output), .. }) => Self::of_type(&output),
            Shape::Future(going) | Shape::Stream(going) | Shape::AsyncStream(going) => Self::Opaque(going.ty),
        }
    }
}

/// The names of a trait, of the type it is about, and of its usual boxes.
struct Names {
    of_trait: &'static str,
    output: &'static str,
    boxes: [&'static str; 2],
}

const FUTURE: Names = Names { of_trait: "Future", output: "Output", boxes: ["BoxFuture", "LocalBoxFuture"] };
const STREAM: Names = Names { of_trait: "Stream", output: "Item", boxes: ["BoxStream", "LocalBoxStream"] };

/// A future, also under a name that does not say what it is, as the `Self::Future` of a `tower::Service`, where the body ends
/// with an async block in a box.
fn future(ty: &Type, body: Option<&Body>) -> Option<Going> {
    let boxed = || Going { ty: ty.clone(), output: None, is_boxed: true, holders: Vec::new() };
    let mut future =
        going(ty, &FUTURE).or_else(|| (is_named(ty) && ends_with_boxed_block(body?)).then(boxed))?;
    if future.is_boxed && future.output.is_none() && !has_impl(ty) {
        future.output = Some(parse_quote!(<#ty as ::core::future::Future>::Output));
    }
    Some(future)
}

/// Whether the type is known by its name, and not as what is in a pinned box.
fn is_named(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident != "Pin") && !has_impl(ty)
}

fn ends_with_boxed_block(body: &Body) -> bool {
    body.scan.has_async && Tail::of(&body.tokens).is_some_and(|tail| !tail.pin.is_empty())
}

/// A stream, also in a `Result`, an `Option`, or one in the other.
fn stream(ty: &Type) -> Option<Going> {
    if let Some(going) = going(ty, &STREAM) {
        return Some(going);
    }
    let segment = last_segment(ty)?;
    let holder = match segment.ident.to_string().as_str() {
        "Result" => Holder::Result,
        "Option" => Holder::Option,
        _ => return None,
    };
    let mut going = stream(types(segment).next()?)?;
    going.holders.insert(0, holder);
    Some(going)
}

/// `impl Future<Output = T>`, `Pin<Box<dyn Future<Output = T>>>`, also with `impl`, `BoxFuture<'_, T>`; the same for streams.
fn going(ty: &Type, names: &Names) -> Option<Going> {
    let (output, is_boxed) = match ty {
        Type::ImplTrait(opaque) => (output_of(&opaque.bounds, names)?, false),
        ty => (output_of_box(last_segment(ty)?, names)?, true),
    };
    let output = output.filter(|output| !has_impl(output)).cloned();
    Some(Going { ty: erase_impl(ty), output, is_boxed, holders: Vec::new() })
}

fn output_of_box<'a>(segment: &'a PathSegment, names: &Names) -> Option<Option<&'a Type>> {
    if names.boxes.iter().any(|name| segment.ident == name) {
        return Some(output_of_alias(segment));
    }
    let pinned = types(segment).next().filter(|_| segment.ident == "Pin")?;
    let boxed = last_segment(pinned).filter(|segment| segment.ident == "Box")?;
    match types(boxed).next()? {
        Type::TraitObject(object) => output_of(&object.bounds, names),
        Type::ImplTrait(opaque) => output_of(&opaque.bounds, names),
        _ => None,
    }
}

/// What the aliases of `futures` say: `BoxFuture<'_, T>`. Others of the same name say it in their own ways.
fn output_of_alias(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match (&arguments.args.first()?, arguments.args.last()?, arguments.args.len()) {
        (GenericArgument::Lifetime(_), GenericArgument::Type(output), 2) => Some(output),
        _ => None,
    }
}

/// The associated type of the trait among `bounds`: `None` when the trait is not there, `Some(None)` when its type is not.
fn output_of<'a, P>(bounds: &'a Punctuated<TypeParamBound, P>, names: &Names) -> Option<Option<&'a Type>> {
    let segment = bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().filter(|segment| segment.ident == names.of_trait)
        }
        _ => None,
    })?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Some(None) };
    Some(arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(AssocType { ident, ty, .. }) if ident == names.output => Some(ty),
        _ => None,
    }))
}

fn types(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
