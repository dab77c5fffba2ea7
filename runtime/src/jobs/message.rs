//! What the functions take that work on messages.

use std::sync::Arc;

use crate::jobs::{Delivery, Envelope};

/// A message as a function takes it that has [`#[job]`](crate::job): whatever can tell how it was delivered. An
/// [`Envelope`] is one; so can be the type of another queue's messages.
///
/// ```
/// use throughline::jobs::{Delivery, Message};
///
/// struct Popped {
///     body: String,
///     headers: Vec<(String, String)>,
///     deliveries: u32,
/// }
///
/// impl Message for Popped {
///     fn delivery(&self) -> Delivery {
///         Delivery::extract("emails", &self.headers).attempt(self.deliveries)
///     }
/// }
///
/// #[throughline::job]
/// fn send_email(popped: Popped) -> Result<(), std::io::Error> {
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell how it was delivered",
    label = "not a message",
    note = "take an `Envelope<{Self}>`, or implement `throughline::jobs::Message` for it",
    note = "where another argument is the message, name it: `#[job(message = ..)]`"
)]
pub trait Message {
    /// How it was delivered. It is asked at the call and again when the span opens, and has to say the same.
    fn delivery(&self) -> Delivery;
}

impl<T> Message for Envelope<T> {
    fn delivery(&self) -> Delivery {
        self.to_delivery()
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<T: Message + ?Sized> Message for $pointer {
            fn delivery(&self) -> Delivery {
                (**self).delivery()
            }
        }
    )+};
}

forward!(&T, &mut T, Box<T>, Arc<T>);
