//! The attributes that make spans of functions, one by one or all in a place.

#[cfg(feature = "jobs")]
pub(crate) mod job;
pub(crate) mod language_models;

/// Makes a span of every call of a function: timed, typed, a child of the code that called it.
///
/// ```
/// use throughline::traced;
///
/// #[traced(fields(order.id = id, order.items = items.len()))]
/// async fn place(id: u64, items: Vec<String>) -> Result<(), std::io::Error> {
///     reserve(&items)?;
///     Ok(())
/// }
///
/// #[traced]
/// fn reserve(items: &[String]) -> Result<(), std::io::Error> {
///     Ok(())
/// }
/// ```
///
/// It goes on any `fn` and `async fn`, in `impl` blocks and traits too, on [whole places](#places), and on functions that return `impl Future`,
/// `impl Stream`, a stream in a `Result` or `Option`, or one of these as `Pin<Box<..>>` or `BoxFuture`, `BoxStream`; a future
/// under any other name, such as the `Self::Future` of a `tower::Service`, where the body ends in `Box::pin(async ..)`; with
/// `#[async_trait]` it goes on the methods. The span of an async function begins at the first poll of its future and ends
/// with it, that of a stream with the last item. A body that does more than to make an async block, boxed or not, runs in
/// the span at the call already.
///
/// An async function takes its context when it is *called*, so `tokio::spawn(place(..))` is a child of the code in which it
/// is written. It takes it at first poll with `capture = "poll"`, under `#[must_use]`, and under an attribute that this one
/// does not know, such as `#[tokio::main]`.
///
/// The code in the body means what it did. One thing is not inferred any more: the parameters of a closure that an async
/// function returns as `impl Fn(&str) -> usize` need their types, `|text: &str| ..`.
///
/// A returned `Err` marks the span as failed: the error is asked as [`Error`](std::error::Error) with its sources, as what
/// holds one (`anyhow::Error`, `Box<dyn Error>`), by `Display`, by `Debug`, whichever its type has first. The last item
/// decides the outcome of a stream. In a function with `#[track_caller]` an `Err` that `return` or `?` hands out marks nothing,
/// for the body cannot be a closure there: the place of the caller would be lost. With `err` it is one all the same.
///
/// # Places
///
/// On an `impl` block, a trait or an inline module it annotates every function with a body there, also in `impl` blocks,
/// traits and modules within. `#[traced(skip)]` leaves one out, or a whole block.
///
/// ```
/// use throughline::traced;
///
/// struct Cart {
///     id: u64,
///     items: Vec<String>,
/// }
///
/// #[traced(fields(cart.id = self.id), level = "debug")]
/// impl Cart {
///     /// Has no `self` to record the ID of.
///     fn new(id: u64) -> Self {
///         Self { id, items: Vec::new() }
///     }
///
///     /// Keeps its own name, and the ID and the level of the block.
///     #[traced(name = "cart.add", args)]
///     fn add(&mut self, item: String) {
///         self.items.push(item);
///     }
///
///     #[traced(skip)]
///     fn len(&self) -> usize {
///         self.items.len()
///     }
/// }
///
/// let trace = throughline::testing::capture(|| {
///     let mut cart = Cart::new(7);
///     cart.add("tea".to_owned());
///     assert_eq!(cart.len(), 1);
/// });
/// trace.assert_tree(
///     "
///     cart.add
///     new
///     ",
/// );
/// assert_eq!(trace.span("cart.add").attribute("cart.id"), Some(7.into()));
/// ```
///
/// What a function says itself wins. What it does not say it takes over from the place around it, where it fits: `err` where
/// a `Result` is returned, `skip(password)` where there is such a parameter, a value that names `self` in methods. The lists
/// of `fields` and `skip` add up. `name`, `parent`, `links` and `follows_from` are for a single function.
///
/// `const fn`s and naked functions are left out; so is what stands in the bodies of functions and what macros make. With
/// `#[async_trait]` and others it may stand on either side. A module in a file of its own cannot be annotated where it is
/// declared.
///
/// # Arguments
///
/// | argument | |
/// |---|---|
/// | `name = "..."`, or the bare literal | the name of the span; that of the function unless told |
/// | `kind = "client"` | `internal` (default), `server`, `client`, `producer`, `consumer` |
/// | `level = "debug"`, `target = "..."` | what filters go by; a level is also a number from 1 (trace) to 5, `Level::DEBUG`, or a constant of the type [`Level`](crate::span::Level), with the feature `logs` also of that of `tracing` |
/// | `fields(key = value, ..)` | attributes: typed, or with `%` by `Display`, with `?` by `Debug`; keys may be dotted, quoted, or `{CONST}`; a key alone is declared, and gets its value by [`set`](crate::set); with the feature `logs` so is `tracing::field::Empty` |
/// | `args`, `skip(a, b)`, `skip_all` | records all arguments, all but these, none (default): typed, or by `Debug` |
/// | `skip` alone | leaves the function, or the block, out of the place that is annotated |
/// | `#[attr]`, `#[attr(name = "user.id")]`, `#[attr(?)]` on a parameter | records this argument |
/// | `err`, `err(Debug, level = "warn")`, `err = false` | an event and a log line for an `Err`, the line also where the span is not recorded; `false`: an `Err` is no failure |
/// | `ret`, `ret(Display, level = "debug")` | the same for the value, at the level of the span unless told |
/// | `root`, `parent = context` | a new trace; a child of this [`Context`](crate::Context) or [`Span`](crate::Span) |
/// | `request_id = id` | the function begins the work for a request with this ID; see [below](#requests) |
/// | `links = [..]`, `follows_from = [..]` | links to these contexts |
/// | `capture = "call"`, `capture = "poll"` | when an async function takes its context |
/// | `spawn = false` | what the body spawns does not take the context along; see [below](#what-is-spawned) |
/// | `crate = path` | where this crate is |
///
/// Values are computed only when the span is recorded. Nothing of the arguments is recorded unless asked for.
///
/// # Requests
///
/// Where work enters the process other than by a server or a job of this crate (a loop over a queue, a command, a bot), the
/// function says which request it is. It runs under this ID, with tracing off too: [`request_id()`](crate::request_id), log
/// lines, [`inject`](crate::inject) and what is spawned have it, and its span has it as `request.id`.
///
/// ```
/// use throughline::traced;
///
/// #[traced(request_id = id)]
/// fn handle(id: Option<&str>) -> String {
///     throughline::request_id().unwrap().to_string()
/// }
///
/// assert_eq!(handle(Some("job-17")), "job-17");
/// ```
///
/// It takes text, what is `Display`, a [`RequestId`](crate::RequestId), and an `Option` of these: `None` or an empty text
/// changes nothing. Text that is no ID is replaced, as the [policy](crate::propagation::Policy) of the process says, and
/// kept as `request.id.replaced`; a `RequestId` is taken as it is. Baggage and bound log fields of a request around it are
/// there, and what the function binds ends with it.
///
/// # What is spawned
///
/// What the function starts elsewhere takes the context along, so that annotated functions and log lines in it belong to
/// the same trace. No span is opened for it.
///
/// ```
/// use throughline::traced;
///
/// #[traced]
/// async fn checkout() {
///     let mail = tokio::spawn(async { send("receipt").await }); // `send` is a child of `checkout`
///     let thread = std::thread::spawn(|| count("sold"));
///     mail.await.unwrap();
///     thread.join().unwrap();
/// }
///
/// #[traced]
/// async fn send(what: &str) {}
///
/// #[traced]
/// fn count(what: &str) {}
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(checkout());
/// ```
///
/// This is so for the argument of these functions, wherever they are called in the body: in blocks, closures and other
/// macros (`select!`, `join!`) too.
///
/// - `tokio::spawn`, `tokio::task::spawn`, `tokio::task::spawn_local`, `tokio::task::spawn_blocking`
/// - `std::thread::spawn`
/// - `rayon::spawn`
///
/// They are known by these paths, with or without `::` in front, as they are written there; nothing else is looked at. So
/// the context does not go along by itself
///
/// - in calls by a shorter path: after `use std::thread`, `thread::spawn(..)` could be anybody's, who may ask for more than
///   a closure that runs once;
/// - where the function is passed on (`.map(tokio::spawn)`), and where a turbofish names the type of the argument
///   (`tokio::spawn::<F>(..)`; with `_` in that place it does);
/// - in methods, such as those of `JoinSet` and `std::thread::Builder`;
/// - in functions inside of the function, which have attributes of their own, in `macro_rules!`, and in `quote!` and
///   `stringify!`.
///
/// For these there are [`spawn`](fn@crate::spawn), [`thread`](crate::thread), [`JoinSetExt`](crate::JoinSetExt),
/// [`FutureExt::in_current_context`](crate::FutureExt::in_current_context) and [`Context::carry`](crate::Context::carry).
/// A function of the same path that takes something else, because another crate goes by that name, gets what it was given.
///
/// Work that goes on for ever, such as a task that a server starts with, would stay in the trace of who started it:
/// `spawn = false` lets it go.
pub use throughline_macros::traced;
