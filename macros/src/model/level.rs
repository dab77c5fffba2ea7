//! The level of a span or an event.

use syn::{Expr, Ident, Lit, LitInt, Path};

use crate::model::spec::word;

/// A level that was given.
pub(crate) enum Level {
    /// A variant of `Level`.
    Named(Ident),
    /// A constant, of our `Level` or that of `tracing`.
    Constant(Path),
}

const NAMES: &[&str] = &["Error", "Warn", "Info", "Debug", "Trace"];

impl Level {
    /// The level that `"info"`, `Level::INFO`, `3` or a constant means, as in `tracing`.
    pub(crate) fn of(value: &Expr) -> syn::Result<Self> {
        match value {
            Expr::Lit(literal) if let Lit::Int(number) = &literal.lit => Self::numbered(number),
            Expr::Path(path) if is_constant(&path.path) => Ok(Self::Constant(path.path.clone())),
            value => word(value, "level", NAMES).map(Self::Named),
        }
    }

    fn numbered(number: &LitInt) -> syn::Result<Self> {
        let place = number.base10_parse::<usize>().ok();
        match place.and_then(|place| NAMES.iter().rev().nth(place.wrapping_sub(1))) {
            Some(name) => Ok(Self::Named(Ident::new(name, number.span()))),
            None => Err(syn::Error::new(number.span(), "a level is a number from 1 (trace) to 5 (error)")),
        }
    }
}

/// Whether a path has the form of a constant, and is no `Level::INFO` or a slip of it.
fn is_constant(path: &Path) -> bool {
    let mut words = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let (last, before) = (words.next().unwrap_or_default(), words.next());
    let is_level =
        NAMES.iter().any(|name| name.eq_ignore_ascii_case(&last)) || before.as_deref() == Some("Level");
    !is_level && !last.contains(char::is_lowercase)
}
