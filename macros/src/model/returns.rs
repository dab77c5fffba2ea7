//! What a function returns, as far as its signature says.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, PathArguments, PathSegment, ReturnType, Type, parse_quote};

/// What can be read from the returned value.
pub(crate) enum Returns {
    /// `()`.
    Unit,
    /// `!`.
    Never,
    /// A type that cannot be a `Result`, whatever the names in scope mean.
    Plain(Type),
    /// A type that may be a `Result`, also by an alias.
    Open(Type),
    /// A `Result` whose value contains `impl`: its type with `_` in that place. Only its error is looked at.
    OpaqueResult(Type),
    /// Another type that contains `impl`, with `_` in its place: nothing is read.
    Opaque(Type),
}

impl Returns {
    pub(crate) fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Unit,
            ReturnType::Type(_, ty) => Self::of_type(ty),
        }
    }

    pub(crate) fn of_type(ty: &Type) -> Self {
        match ty {
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::Never(_) => Self::Never,
            ty if has_impl(ty) && is_result_of_impl(ty) => Self::OpaqueResult(erase_impl(ty)),
            ty if has_impl(ty) => Self::Opaque(erase_impl(ty)),
            ty if is_plain(ty) => Self::Plain(ty.clone()),
            ty => Self::Open(ty.clone()),
        }
    }

    /// Whether it may be an error.
    pub(crate) fn can_fail(&self) -> bool {
        matches!(self, Self::Open(_) | Self::OpaqueResult(_))
    }

    /// Whether there is a value whose type is known.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Open(_) | Self::Plain(_))
    }

    /// The declared type, with `_` for what is `impl`.
    pub(crate) fn ty(&self) -> Option<&Type> {
        match self {
            Self::Unit | Self::Never => None,
            Self::Plain(ty) | Self::Open(ty) | Self::OpaqueResult(ty) | Self::Opaque(ty) => Some(ty),
        }
    }
}

/// Types that no alias hides a `Result` behind: references, tuples, primitives, and the names that mean the standard
/// library's types in any code that wants to be read.
fn is_plain(ty: &Type) -> bool {
    const NAMES: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize", "str", "String", "Vec", "Option",
    ];
    match ty {
        Type::Reference(_) | Type::Ptr(_) | Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        Type::FnPtr(_) => true,
        Type::Paren(inner) => is_plain(&inner.elem),
        Type::Group(inner) => is_plain(&inner.elem),
        Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
            NAMES.iter().any(|name| path.path.segments[0].ident == name)
        }
        _ => false,
    }
}

/// Whether the type contains `impl Trait`.
pub(crate) fn has_impl(ty: &Type) -> bool {
    let mut eraser = Eraser { found: false };
    eraser.visit_type_mut(&mut ty.clone());
    eraser.found
}

/// The type with `_` in place of each `impl Trait`.
pub(crate) fn erase_impl(ty: &Type) -> Type {
    let mut ty = ty.clone();
    Eraser { found: false }.visit_type_mut(&mut ty);
    ty
}

struct Eraser {
    found: bool,
}

impl VisitMut for Eraser {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::ImplTrait(_)) {
            self.found = true;
            *ty = parse_quote!(_);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// `Result<impl .., E>`, also with the error left to an alias, with `impl` only in its value.
fn is_result_of_impl(ty: &Type) -> bool {
    let Some(segment) = last_segment(ty) else { return false };
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    let error_is_named = arguments.args.iter().skip(1).all(|argument| match argument {
        GenericArgument::Type(ty) => !has_impl(ty),
        _ => true,
    });
    segment.ident == "Result" && error_is_named
}

/// The last part of a path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Paren(inner) => last_segment(&inner.elem),
        Type::Group(inner) => last_segment(&inner.elem),
        _ => None,
    }
}
