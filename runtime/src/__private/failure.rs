//! What is known of an error: as much as its type allows.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display, Write as _};

use crate::__private::Text;
use crate::__private::value::said;
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

/// Marks the current span as failed.
fn fail(description: &Description) {
    current::fail(description.error_type, &description.message);
}

/// What the error says.
pub fn message(description: Option<Description>) -> Text {
    Text::new(description.map(|description| description.message).unwrap_or_default())
}

/// Marks the current span as failed if an item of a stream is an error; says whether it is.
pub fn mark_item(description: Option<Description>) -> bool {
    description.as_ref().inspect(|description| fail(description)).is_some()
}

/// The ladder: the more references, the earlier a rung is tried.
pub trait Rung {
    /// What is known of the error, if there is one.
    fn __describe(&self) -> Option<Description>;

    /// Marks the current span as failed if there is an error.
    fn __mark(&self);
}

macro_rules! rung {
    ($(#[$doc:meta])* $describe:ident ($($refs:tt)*), [$($generics:tt)*], |$error:ident| $message:expr) => {
        $(#[$doc])*
        #[cold]
        #[inline(never)] // once for each error, and not in each function that returns it
        fn $describe<$($generics)*>($error: &E) -> Description {
            Description { error_type: type_name::<E>(), message: said(|| $message) }
        }

        impl<$($generics)*> Rung for $($refs)* Failure<'_, E> {
            #[inline]
            fn __describe(&self) -> Option<Description> {
                self.0.map($describe)
            }

            #[inline]
            fn __mark(&self) {
                if let Some(error) = self.0 {
                    fail(&$describe(error));
                }
            }
        }
    };
}

rung!(
    /// First: the type is an error.
    error (&&&&&), [E: Error], |error| chain(error)
);
rung!(
    /// It holds one, as `anyhow::Error` and `Box<dyn Error>` do.
    holder (&&&&), ['e, E: AsRef<dyn Error + 'e>], |error| chain(error.as_ref())
);
rung!(
    /// It holds one that can be sent: `Box<dyn Error + Send + Sync>`.
    sendable_holder (&&&), ['e, E: AsRef<dyn Error + Send + Sync + 'e>], |error| chain(error.as_ref())
);
rung!(
    /// It can be shown.
    shown (&&), [E: Display], |error| error.to_string()
);
rung!(
    /// It can be shown to programmers.
    debugged (&), [E: Debug], |error| format!("{error:?}")
);
rung!(
    /// Then: all that is known is its type.
    named (), [E], |_error| String::new()
);

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
