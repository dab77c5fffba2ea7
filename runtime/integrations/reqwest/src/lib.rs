//! [Throughline](https://docs.rs/throughline) for [reqwest](https://docs.rs/reqwest): every request gets a span of
//! kind client and sends the context along.
//!
//! ```no_run
//! use throughline_reqwest::RequestBuilderExt;
//!
//! # async fn example() -> reqwest::Result<()> {
//! let client = reqwest::Client::new();
//! let answer = client.get("http://api.example/users").send_traced().await?.text().await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Client`] is for code that takes a client, or a tower service of requests. It goes under `async-openai` too, whose
//! own way of sending retries without telling:
//!
//! ```no_run
//! # struct Config; struct Factory;
//! # impl Factory { async fn build(&self) -> Result<reqwest::Request, Error> { unreachable!() } }
//! # struct Error; impl From<reqwest::Error> for Error { fn from(_: reqwest::Error) -> Self { Self } }
//! let http = throughline_reqwest::Client::new(reqwest::Client::new());
//! let service = move |factory: Factory| {
//!     let http = http.clone();
//!     async move { Ok::<_, Error>(http.execute(factory.build().await?).await?) }
//! };
//! // async_openai::Client::with_config(config).with_http_service(tower::service_fn(service))
//! # let _ = service;
//! ```
//!
//! The span ends when the head of the response is there. Redirects that reqwest follows are part of one span, and take the
//! context along to whichever host they lead. Under tower's `retry` each try is a span; under its `buffer`, which calls from a
//! task of its own, spans have no parent.

mod client;
mod error;

pub use client::{Client, ExecuteFuture, RequestBuilderExt};
