//! The static description of an annotated function.

use std::any::type_name;
use std::panic::Location;
use std::sync::atomic::AtomicU32;

use crate::span::{ValueView, path};

/// What a span means to its neighbours, as in [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/trace/api/#spankind).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Work within this process.
    #[default]
    Internal,
    /// A request answered.
    Server,
    /// A request made.
    Client,
    /// A message sent, or a job put into a queue.
    Producer,
    /// A message or job worked on.
    Consumer,
}

/// How much a span matters, as in `tracing`: `THROUGHLINE_FILTER` compares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something looks wrong.
    Warn,
    /// Of interest in production: the default.
    #[default]
    Info,
    /// Of interest while debugging.
    Debug,
    /// Everything.
    Trace,
}

/// What kind of work the annotated function does; it decides which values are read from what the function returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Any function.
    #[default]
    Function,
    /// A call of a language model.
    Llm,
    /// A call of a model that makes embeddings.
    Embedding,
    /// A search for documents.
    Retrieval,
    /// A ranking of documents.
    Rerank,
    /// A tool that a model asked for.
    Tool,
    /// A run of an agent.
    Agent,
    /// A run of a workflow.
    Workflow,
}

impl Operation {
    /// Whether it is a call of a model whose response tells what it used.
    pub const fn is_model_call(self) -> bool {
        matches!(self, Self::Llm | Self::Embedding)
    }

    /// Whether it is told when a span of it begins and ends, see `hooks`. A model call tells that by itself.
    pub(crate) const fn is_watched(self) -> bool {
        !matches!(self, Self::Function) && !self.is_model_call()
    }
}

/// The static description of an annotated function: one per attribute, in a `static`.
#[derive(Debug)]
pub struct Callsite {
    /// The name of its spans.
    pub name: &'static str,
    /// The target that filters match; the module path unless told.
    pub target: &'static str,
    /// The module the function is in.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line in that file, from 1.
    pub line: u32,
    /// The kind of its spans.
    pub kind: Kind,
    /// Their level.
    pub level: Level,
    /// What the function does.
    pub operation: Operation,
    /// The keys of the attributes that are written by index.
    pub keys: &'static [&'static str],
    /// Attributes that are the same for every span, such as the provider of a model.
    pub constants: &'static [(&'static str, ValueView<'static>)],
    /// Whether its spans stand for spans of `tracing`, which are not shown there again.
    pub(crate) is_of_tracing: bool,
    /// The name of a type inside of the function, which has the path of that.
    inner_type: Option<fn() -> &'static str>,
    /// Its number in the registry with its verdict of the filter; see `registry`.
    pub(crate) state: AtomicU32,
}

#[allow(clippy::declare_interior_mutable_const, reason = "each callsite begins with one of its own")]
const UNKNOWN: AtomicU32 = AtomicU32::new(0);

/// The callsite of an expansion, where `Here` is a type that is declared inside of the function. Made for the compiler, which
/// does all this for every annotated function: a type costs it less than a closure, a call less than fields, and no list less
/// than one that is empty.
#[track_caller]
pub const fn callsite<Here>(name: &'static str, module: &'static str) -> Callsite {
    let place = Location::caller();
    Callsite {
        name,
        target: module,
        module,
        file: place.file(),
        line: place.line(),
        kind: Kind::Internal,
        level: Level::Info,
        operation: Operation::Function,
        keys: &[],
        constants: &[],
        is_of_tracing: false,
        inner_type: Some(type_name::<Here>),
        state: UNKNOWN,
    }
}

impl Callsite {
    /// The callsite of a function; the other fields are set by the `with_*` functions.
    pub const fn new(
        name: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
        keys: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            target: module,
            module,
            file,
            line,
            kind: Kind::Internal,
            level: Level::Info,
            operation: Operation::Function,
            keys,
            constants: &[],
            is_of_tracing: false,
            inner_type: None,
            state: AtomicU32::new(0),
        }
    }

    /// The same with the function that `closure` is written in. It is never called: the name of its type is where the
    /// compiler tells the path of a function, with the type that a method belongs to.
    ///
    /// ```
    /// use throughline::span::Callsite;
    ///
    /// struct Cart;
    ///
    /// impl Cart {
    ///     fn checkout() -> Option<String> {
    ///         static CALLSITE: Callsite =
    ///             Callsite::new("pay", module_path!(), file!(), line!(), &[]).with_function(|| {});
    ///         CALLSITE.function()
    ///     }
    /// }
    ///
    /// assert!(Cart::checkout().unwrap().ends_with("::Cart::checkout"));
    /// ```
    pub const fn with_function<F: Fn() + Copy>(mut self, closure: F) -> Self {
        // A constant function cannot drop what may need it; what is `Copy` never does.
        let _ = closure;
        self.inner_type = Some(type_name::<F>);
        self
    }

    /// The same with keys.
    #[doc(hidden)]
    pub const fn with_keys(mut self, keys: &'static [&'static str]) -> Self {
        self.keys = keys;
        self
    }

    /// The qualified name of the function, where it is known: `shop::orders::Cart::checkout`.
    pub fn function(&self) -> Option<String> {
        self.inner_type.map(|name| path::around(name()))
    }

    /// The same with another target.
    pub const fn with_target(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }

    /// The same with another kind.
    pub const fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// The same with another level.
    pub const fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same for spans that stand for spans of `tracing`.
    #[cfg(feature = "logs")]
    pub(crate) const fn of_tracing(mut self) -> Self {
        self.is_of_tracing = true;
        self
    }

    /// The same with another operation.
    pub const fn with_operation(mut self, operation: Operation) -> Self {
        self.operation = operation;
        self
    }

    /// The same with attributes that never change.
    pub const fn with_constants(mut self, constants: &'static [(&'static str, ValueView<'static>)]) -> Self {
        self.constants = constants;
        self
    }
}
