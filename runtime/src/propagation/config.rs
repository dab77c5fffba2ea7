//! How context is read and written: a plain value.

use std::sync::{LazyLock, OnceLock};

use crate::context::Context;
use crate::propagation::{Extract, Inject, Propagators, RequestIds, read, write};
use crate::span::orphans;

/// How context is read from and written into carriers.
///
/// ```
/// use throughline::propagation::{Config, Policy};
///
/// let mut config = Config::default();
/// config.request_ids.policy = Policy::Trust;
/// let context = config.extract(&[("x-request-id", "two words")]);
/// assert_eq!(context.request_id().unwrap(), "two words");
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// The formats of trace and baggage.
    pub propagators: Propagators,
    /// Where request IDs are, which are taken, how new ones are made.
    pub request_ids: RequestIds,
}

static INSTALLED: OnceLock<Config> = OnceLock::new();
static DEFAULT: LazyLock<Config> = LazyLock::new(Config::default);

impl Config {
    /// The one of the process: the one installed, else the default.
    pub fn current() -> &'static Self {
        INSTALLED.get().unwrap_or_else(|| &DEFAULT)
    }

    /// Makes this the one of the process, once; `init` does it.
    ///
    /// # Errors
    ///
    /// Gives the value back when there is one already.
    pub fn install(self) -> Result<(), Self> {
        INSTALLED.set(self)
    }

    /// Reads the context that `carrier` brings; see [`extract`](crate::extract).
    pub fn extract<C: Extract + ?Sized>(&self, carrier: &C) -> Context {
        orphans::request_begins();
        read::extract(self, carrier).into_context(self)
    }

    /// Writes `context` into `carrier`; see [`inject`](crate::inject).
    pub fn inject<C: Inject + ?Sized>(&self, context: &Context, carrier: &mut C) {
        write::inject(self, context.key(), carrier);
    }
}
