//! What is known of an error: as much as its type allows.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display, Write as _};

use crate::__private::value::said;
use crate::__private::{Returned, Text};
use crate::span::current;

/// The error that was returned, if there was one.
#[derive(Debug)]
pub struct Failure<'a, E: ?Sized>(pub Option<&'a E>);

impl<E: ?Sized> Copy for Failure<'_, E> {}

impl<E: ?Sized> Clone for Failure<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

/// What is known of an error.
#[derive(Debug)]
pub struct Description {
    /// The name of its type: `error.type`.
    pub error_type: &'static str,
    /// What it says.
    pub message: String,
}

/// Marks the current span as failed, if there is something to say.
pub fn mark(description: Option<Description>) {
    if let Some(description) = description {
        current::fail(description.error_type, &description.message);
    }
}

/// What the error says.
pub fn message(description: Option<Description>) -> Text {
    Text::new(description.map(|description| description.message).unwrap_or_default())
}

/// The same for an item of a stream; says whether it was an error.
pub fn mark_item(description: Option<Description>) -> bool {
    let is_error = description.is_some();
    mark(description);
    is_error
}

/// The ladder: the more references, the earlier a rung is tried. It stands twice, on the error alone and on the whole
/// value that was returned; there it ends with what is no `Result`.
pub trait Rung {
    /// What is known of the error, if there is one.
    fn __describe(&self) -> Option<Description>;
}

macro_rules! rung {
    ($(#[$doc:meta])* ($($refs:tt)*), [$($generics:tt)*], |$error:ident| $message:expr) => {
        $(#[$doc])*
        impl<$($generics)*> Rung for $($refs)* Failure<'_, E> {
            #[inline]
            fn __describe(&self) -> Option<Description> {
                self.0.map(|$error| Description { error_type: type_name::<E>(), message: said(|| $message) })
            }
        }

        $(#[$doc])*
        impl<$($generics)*, T> Rung for &$($refs)* Returned<'_, Result<T, E>> {
            #[inline]
            fn __describe(&self) -> Option<Description> {
                let $error = self.0.as_ref().err()?;
                Some(Description { error_type: type_name::<E>(), message: said(|| $message) })
            }
        }
    };
}

rung!(
    /// First: the type is an error.
    (&&&&&), [E: Error], |error| chain(error)
);
rung!(
    /// It holds one, as `anyhow::Error` and `Box<dyn Error>` do.
    (&&&&), ['e, E: AsRef<dyn Error + 'e>], |error| chain(error.as_ref())
);
rung!(
    /// It holds one that can be sent: `Box<dyn Error + Send + Sync>`.
    (&&&), ['e, E: AsRef<dyn Error + Send + Sync + 'e>], |error| chain(error.as_ref())
);
rung!(
    /// It can be shown.
    (&&), [E: Display], |error| error.to_string()
);
rung!(
    /// It can be shown to programmers.
    (&), [E: Debug], |error| format!("{error:?}")
);
rung!(
    /// Then: all that is known is its type.
    (), [E], |_error| String::new()
);

/// Last: what is no `Result`, whatever alias that goes by, is no error.
impl<R: ?Sized> Rung for Returned<'_, R> {
    #[inline]
    fn __describe(&self) -> Option<Description> {
        None
    }
}

/// What the error says, and what its sources say, unless the error has said it already.
#[cold]
fn chain(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    let mut depth = 0;
    while let Some(cause) = source
        && depth < 16
    {
        let text = cause.to_string();
        if !message.ends_with(&text) {
            let _ = write!(message, ": {text}");
        }
        source = cause.source();
        depth += 1;
    }
    message
}
