//! What can be read as the response of a model.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::llm::observed::{Observed, ToolCall, cut, fill};
use crate::llm::{Usage, read};

/// A response, or a chunk of one, of a type of your own.
///
/// Types that implement `serde::Serialize` in the shape of a known provider need no implementation: see
/// [`record`](crate::llm::record). Implement this for a type that is not `Serialize`, or whose fields have other names.
/// A type that has both is read by this one in `#[llm_span]` functions; in calls of `record` the compiler asks
/// which: pass what [`usage`](Self::usage) returns.
///
/// ```
/// use throughline::llm::{LlmResponse, Usage};
///
/// struct Reply {
///     model: String,
///     prompt: u64,
///     answer: u64,
/// }
///
/// impl LlmResponse for Reply {
///     fn usage(&self) -> Option<Usage> {
///         Some(Usage { input: self.prompt, output: self.answer, ..Usage::default() })
///     }
///
///     fn model(&self) -> Option<&str> {
///         Some(&self.model)
///     }
/// }
/// ```
pub trait LlmResponse {
    /// Tokens used. In a stream: those of the whole stream so far.
    fn usage(&self) -> Option<Usage>;

    /// The model that answered: `gen_ai.response.model`.
    fn model(&self) -> Option<&str> {
        None
    }

    /// The ID the provider gave the response: `gen_ai.response.id`.
    fn id(&self) -> Option<&str> {
        None
    }

    /// Why the model stopped: `gen_ai.response.finish_reasons`.
    fn finish_reason(&self) -> Option<&str> {
        None
    }

    /// The tools the model asked for, as pairs of call ID and tool name.
    fn tool_calls(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// What the model says; in a stream: what this chunk adds. The first chunk with a text is the first content of the stream,
    /// and an [`estimate`](crate::llm::estimate) counts its length. It is kept only where content is
    /// [asked for](crate::llm::Content), as `gen_ai.output.messages`.
    fn text(&self) -> Option<&str> {
        None
    }

    /// What the call cost in US dollars, where the provider says so: it wins over the price list.
    fn cost(&self) -> Option<f64> {
        None
    }
}

impl LlmResponse for Usage {
    fn usage(&self) -> Option<Usage> {
        Some(*self)
    }
}

/// Reads a response by its own implementation.
pub(crate) fn observe<T: LlmResponse + ?Sized>(response: &T, seen: &mut Observed) {
    fill(&mut seen.id, response.id().unwrap_or_default());
    fill(&mut seen.model, response.model().unwrap_or_default());
    seen.told = response.usage();
    seen.cost = response.cost();
    seen.content = response.text().map_or(0, |text| text.len() as u64);
    seen.push_finish_reason(response.finish_reason().unwrap_or_default());
    for (id, name) in response.tool_calls() {
        seen.push_tool_call(&ToolCall { id: cut(id), name: cut(name) });
    }
}

/// What an error says; nothing, if it panics over that.
pub(crate) fn message_of(error: &impl Display) -> String {
    catch_unwind(AssertUnwindSafe(|| error.to_string())).unwrap_or_default()
}

/// What [`record`](crate::llm::record) takes: an [`LlmResponse`], or any `serde::Serialize`. `How` tells which, and is
/// inferred; the trait is sealed.
#[diagnostic::on_unimplemented(
    message = "nothing can be read from `{Self}`",
    label = "neither `LlmResponse` nor `serde::Serialize`",
    note = "implement `throughline::llm::LlmResponse` for it, or record a `throughline::llm::Usage`"
)]
pub trait Readable<How>: sealed::Readable<How> {}

/// An item of a stream: a chunk that is [`Readable`], or a `Result` of one. `How` tells which, and is inferred; the
/// trait is sealed.
#[diagnostic::on_unimplemented(
    message = "nothing can be read from items of type `{Self}`",
    label = "neither a readable chunk nor a `Result` of one"
)]
pub trait Item<How>: sealed::Item<How> {}

impl<T: sealed::Readable<How> + ?Sized, How> Readable<How> for T {}
impl<T: sealed::Item<How>, How> Item<How> for T {}

/// How a value is read. Only the compiler names these.
#[derive(Debug)]
pub struct BySerialize;
/// How a value is read. Only the compiler names these.
#[derive(Debug)]
pub struct ByTrait;
/// How an item is read. Only the compiler names these.
#[derive(Debug)]
pub struct Plain<How>(std::marker::PhantomData<How>);
/// How an item is read. Only the compiler names these.
#[derive(Debug)]
pub struct Fallible<How>(std::marker::PhantomData<How>);

/// What was read of a response or an item of a stream: what macros pass on.
#[doc(hidden)]
pub type Look = Result<sealed::Seen, sealed::Broken>;

/// Reads any `Serialize` value.
#[doc(hidden)]
pub fn look_at_serialize<T: Serialize + ?Sized>(value: &T) -> Look {
    Ok(sealed::Readable::<BySerialize>::observe(value))
}

/// Reads a response by its own implementation.
#[doc(hidden)]
pub fn look_at_response<T: LlmResponse + ?Sized>(value: &T) -> Look {
    Ok(sealed::Readable::<ByTrait>::observe(value))
}

/// A value of which nothing can be read.
#[doc(hidden)]
pub fn look_at_nothing() -> Look {
    Ok(sealed::Seen::default())
}

/// An item that is an error: its type and what it says.
#[doc(hidden)]
pub fn look_at_error(error_type: &'static str, message: String) -> Look {
    Err(sealed::Broken { error_type, message })
}

pub(crate) mod sealed {
    use std::any::type_name;
    use std::fmt::Display;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::{
        BySerialize, ByTrait, Fallible, LlmResponse, Look, Observed, Plain, Serialize, message_of, observe,
        read,
    };
    use crate::llm::content;

    pub trait Readable<How> {
        /// Reads into what is empty: a reading is too large to be moved for each chunk.
        #[doc(hidden)]
        fn observe_into(&self, seen: &mut Seen);

        #[doc(hidden)]
        fn observe(&self) -> Seen {
            let mut seen = Seen::default();
            self.observe_into(&mut seen);
            seen
        }
    }

    pub trait Item<How> {
        #[doc(hidden)]
        fn observe(&self) -> Look;
    }

    /// Keeps the private reading out of public signatures.
    #[derive(Debug, Default)]
    pub struct Seen(pub(crate) Observed);

    /// The same for an item that is an error.
    #[derive(Debug)]
    pub struct Broken {
        pub(crate) error_type: &'static str,
        pub(crate) message: String,
    }

    impl<T: Serialize + ?Sized> Readable<BySerialize> for T {
        fn observe_into(&self, seen: &mut Seen) {
            read::observe(self, &mut seen.0);
            if content::content_is_asked() {
                seen.0.said = content::said(self, !seen.0.is_empty());
            }
        }
    }

    impl<T: LlmResponse + ?Sized> Readable<ByTrait> for T {
        fn observe_into(&self, seen: &mut Seen) {
            // What it told before it panicked is as good as before.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                observe(self, &mut seen.0);
                if content::content_is_asked() {
                    seen.0.said = content::said_text(self.text());
                }
            }));
        }
    }

    impl<T: Readable<How>, How> Item<Plain<How>> for T {
        fn observe(&self) -> Look {
            Ok(Readable::observe(self))
        }
    }

    impl<T: Readable<How>, E: Display, How> Item<Fallible<How>> for Result<T, E> {
        fn observe(&self) -> Look {
            match self {
                Ok(chunk) => Ok(Readable::observe(chunk)),
                Err(error) => Err(Broken { error_type: type_name::<E>(), message: message_of(error) }),
            }
        }
    }
}
