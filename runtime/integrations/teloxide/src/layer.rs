//! The layer around a bot's handlers.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::ops::ControlFlow;
use std::sync::Arc;

use teloxide::dispatching::UpdateHandler;
use teloxide::dptree::di::DependencyMap;
use teloxide::dptree::{self, HandlerSignature, Type};
use teloxide::error_handlers::ErrorHandler;
use teloxide::types::{Me, Update};
use throughline::span::current;
use throughline::{FutureExt as _, RequestId, Span, semconv};

use crate::update;

/// Makes a request of every update: [`UpdateLayer::wrap`] without further options.
///
/// ```
/// use teloxide::dispatching::UpdateHandler;
/// use teloxide::prelude::*;
///
/// fn handlers() -> UpdateHandler<teloxide::RequestError> {
///     throughline_teloxide::traced(Update::filter_message().endpoint(async || Ok(())))
/// }
/// # handlers();
/// ```
pub fn traced<E: Display + Send + Sync + 'static>(handler: UpdateHandler<E>) -> UpdateHandler<E> {
    UpdateLayer::new().wrap(handler)
}

/// What the layer around a bot's handlers can be told.
///
/// ```
/// use std::sync::Arc;
///
/// use teloxide::RequestError;
/// use teloxide::dispatching::UpdateHandler;
/// use teloxide::prelude::*;
/// use throughline_teloxide::UpdateLayer;
///
/// fn handlers() -> UpdateHandler<RequestError> {
///     let handler = Update::filter_message().endpoint(async || Ok(()));
///     let on_error = async |error: RequestError| tracing::error!(%error, "a handler failed"); // has the request ID
///     UpdateLayer::new().commands(["start", "help"]).error_handler(Arc::new(on_error)).wrap(handler)
/// }
/// # handlers();
/// ```
pub struct UpdateLayer<E> {
    commands: BTreeSet<String>,
    records_ids: bool,
    error_handler: Option<Arc<dyn ErrorHandler<E> + Send + Sync>>,
}

type Flow<E> = ControlFlow<Result<(), E>, DependencyMap>;
type Next<E> = dptree::Cont<'static, Result<(), E>>;

impl<E> UpdateLayer<E> {
    /// A layer that records neither commands nor IDs.
    pub fn new() -> Self {
        Self { commands: BTreeSet::new(), records_ids: false, error_handler: None }
    }

    /// The commands that spans are named by, with or without their slash: those of the bot, for anybody can send any. From
    /// `BotCommands` they come by `Command::bot_commands().into_iter().map(|command| command.command)`.
    #[must_use]
    pub fn commands(mut self, commands: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = commands.into_iter().map(|name| name.as_ref().trim_start_matches('/').to_owned());
        self.commands.extend(names);
        self
    }

    /// Records the IDs of user and chat, which are personal data.
    #[must_use]
    pub fn record_ids(mut self) -> Self {
        self.records_ids = true;
        self
    }

    /// Handles the errors of handlers inside of the request, in place of the dispatcher's own error handler, which then sees
    /// none.
    #[must_use]
    pub fn error_handler(mut self, handler: Arc<dyn ErrorHandler<E> + Send + Sync>) -> Self {
        self.error_handler = Some(handler);
        self
    }
}

impl<E: Display + Send + Sync + 'static> UpdateLayer<E> {
    /// Makes a request of every update that `handler` is given: opens a span, with a fresh
    /// [`RequestId`] that handlers can take as an argument.
    pub fn wrap(self, handler: UpdateHandler<E>) -> UpdateHandler<E> {
        let layer = Arc::new(self);
        let (description, signature) = (handler.description().clone(), with_request_id(handler.sig()));
        let handle = move |dependencies, next| Arc::clone(&layer).handle(handler.clone(), dependencies, next);
        dptree::from_fn_with_description(description, handle, signature)
    }

    fn handle(
        self: Arc<Self>,
        handler: UpdateHandler<E>,
        mut dependencies: DependencyMap,
        next: Next<E>,
    ) -> impl Future<Output = Flow<E>> + Send {
        let span = self.open(&dependencies);
        if let Some(id) = span.context().request_id() {
            dependencies.insert(id);
        }
        let work = async move { self.conclude(handler.execute(dependencies, next).await).await };
        work.in_span(span)
    }

    fn open(&self, dependencies: &DependencyMap) -> Span {
        let span = update::entry();
        if let (true, Some(update)) = (span.is_recording(), dependencies.try_get::<Update>()) {
            let me = dependencies.try_get::<Me>();
            let username = me.as_ref().and_then(|me| me.user.username.as_deref());
            update::describe(&span, &update, update::command(&update, username, &self.commands));
            if self.records_ids {
                update::identify(&span, &update);
            }
        }
        span
    }

    /// Records what came of an update, on the current span.
    async fn conclude(&self, flow: Flow<E>) -> Flow<E> {
        match flow {
            ControlFlow::Break(Ok(())) => {}
            ControlFlow::Continue(_) => throughline::set(semconv::TELEGRAM_UPDATE_HANDLED, false),
            ControlFlow::Break(Err(error)) => {
                if current::is_recording() {
                    current::fail(type_name::<E>(), &error.to_string());
                }
                let Some(handler) = &self.error_handler else { return ControlFlow::Break(Err(error)) };
                Arc::clone(handler).handle_error(error).await;
                return ControlFlow::Break(Ok(()));
            }
        }
        flow
    }
}

/// The signature of a handler that is given a request ID besides.
fn with_request_id(signature: &HandlerSignature) -> HandlerSignature {
    let mut signature = signature.clone();
    if let HandlerSignature::Other { obligations, guaranteed_outcomes, .. } = &mut signature {
        let request_id = Type::of::<RequestId>();
        obligations.remove(&request_id);
        guaranteed_outcomes.insert(request_id);
    }
    signature
}

impl<E> Default for UpdateLayer<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> fmt::Debug for UpdateLayer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("UpdateLayer");
        f.field("commands", &self.commands).field("records_ids", &self.records_ids);
        f.field("error_handler", &self.error_handler.is_some()).finish()
    }
}
